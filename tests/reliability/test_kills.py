"""Kills at random moments of one training: 3 in the fast test, 50 in the slow one.

tests/test_resume.py has the kills at chosen moments. After the last kill the run is let end; its
state and its log are those of a run that nothing disturbed, to the last bit.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import final_state, log, same_bits

ROOT = Path(__file__).parent.parent.parent


def run(workdir, steps, kills):
    every = 1 if kills else 0  # a run that nothing disturbs needs no checkpoint but the last
    order = {
        "workdir": str(workdir),
        "kills": kills,
        "seed": kills,
        "config": {"steps": steps, "checkpoint": {"every": every}, "evaluation": {"every": 50}},
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.scripts.kill_toy", json.dumps(order)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("steps", "kills"), [(100, 3), pytest.param(2000, 50, marks=pytest.mark.slow)]
)
def test_killed_at_random_moments(tmp_path, steps, kills):
    run(tmp_path / "undisturbed", steps, kills=0)
    at, torn = run(tmp_path / "killed", steps, kills)
    print(f"{kills} kills, at steps {at}; {torn} in the middle of a write")
    assert len(at) == kills
    assert len(set(at)) > kills // 2  # they were spread over the training
    assert same_bits(final_state(tmp_path / "killed"), final_state(tmp_path / "undisturbed"))
    assert log(tmp_path / "killed") == log(tmp_path / "undisturbed")
    assert not [path for path in (tmp_path / "killed").rglob("*") if "tmp" in path.name]

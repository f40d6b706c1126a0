"""SIGTERM in each of 7 stages of a run, from reading the data to writing the report.

Each run ends in one line that says how to go on, with status 143, and the same command then ends
with the state and the log of a run that nothing disturbed. The slow test does the same with SIGINT.
"""

import signal

import pytest

from tests.helpers import final_state, log, same_bits
from tests.reliability.tools import one_line, run_all
from tests.scripts.run_disturbed import STAGES


@pytest.mark.parametrize("name", ["SIGTERM", pytest.param("SIGINT", marks=pytest.mark.slow)])
def test_a_signal_in_every_stage(tmp_path, name):
    orders = [{"arguments": ["--workdir=undisturbed"]}]
    for i, stage in enumerate(STAGES):
        workdir = {"arguments": [f"--workdir={i}"]}
        orders += [{**workdir, "signal": name, "stage": stage}, workdir]
    first, *rest = run_all(tmp_path, orders)
    assert first["status"] == 0, first["output"]
    for i, stage in enumerate(STAGES):
        stopped, resumed = rest[2 * i : 2 * i + 2]
        line = one_line(stopped, 128 + getattr(signal, name), "aae_jax: interrupted: ")
        assert "run the same command to go on" in line, stage
        assert resumed["status"] == 0, (stage, resumed["output"])
        assert same_bits(final_state(tmp_path / str(i)), final_state(tmp_path / "undisturbed"))
        assert log(tmp_path / str(i)) == log(tmp_path / "undisturbed"), stage
        assert (tmp_path / str(i) / "report.html").exists()
        assert not [p for p in (tmp_path / str(i)).rglob("*") if "tmp" in p.name], stage
    print(f"{name} in {len(STAGES)} stages: {', '.join(STAGES)}")

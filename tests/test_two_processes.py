"""Two JAX processes of two devices each, over loopback, against one process of one device."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from aae_jax import parallel
from aae_jax.checkpoint import Checkpoints
from aae_jax.errors import UserError
from aae_jax.train import train
from tests.helpers import fake_devices, final_state, largest_difference, log

ROOT = Path(__file__).parent.parent


def run_pair(command):
    """Runs both processes of a run to their end; returns their (output, errors, status).

    Args:
        command: `command(address, i)` gives the command line of process i.
    """
    with socket.socket() as free:
        free.bind(("localhost", 0))
        address = f"localhost:{free.getsockname()[1]}"
    pair = [
        subprocess.Popen(
            [sys.executable, *command(address, i)],
            cwd=ROOT,
            env=fake_devices(2),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for i in range(2)
    ]
    try:
        return [(*process.communicate(timeout=240), process.returncode) for process in pair]
    finally:
        for process in pair:
            process.kill()


def run_toys(workdir, **order):
    """Trains the toy game in two processes, see tests/scripts/run_toy.py."""

    def command(address, i):
        own = {"workdir": str(workdir), "coordinator": address, "processes": 2, "process": i}
        return "-m", "tests.scripts.run_toy", json.dumps({**order, **own})

    return run_pair(command)


@pytest.fixture(scope="module")
def fields():
    checkpoint = {"best_metric": "reconstruction_mse"}
    return {"steps": 4, "checkpoint": checkpoint, "log": {"every": 2}}


def test_two_processes_make_the_run_of_one(tmp_path, toy, fields):
    train(toy.config(**fields), tmp_path / "one")
    # Both are told to stop by a signal that only the first gets, then go on to the end. They ask
    # each other at each step, since waiting for the next line of the log might take too long.
    stopped = run_toys(
        tmp_path / "two", config=fields, heed=0.0, signal_step=3, signal="SIGTERM", only=0
    )
    for out, err, status in stopped:
        assert status == 128 + 15, err[-2000:]
        assert "saved in" in out
    assert Checkpoints(tmp_path / "two", read_only=True).latest_step() == 3
    for _, err, status in run_toys(tmp_path / "two", config=fields):
        assert status == 0, err[-2000:]
    for which in ("latest", "best"):
        one, two = (final_state(tmp_path / name, which) for name in ("one", "two"))
        assert int(one.step) == int(two.step)
        assert largest_difference(one, two) < 2e-5
    lines = [log(tmp_path / name) for name in ("one", "two")]
    for a, b in zip(*lines, strict=True):
        assert (a.keys(), a["step"], a["kind"]) == (b.keys(), b["step"], b["kind"])
        assert all(a[k] == pytest.approx(b[k], rel=1e-4) for k in a if k != "kind")


def test_processes_that_would_train_different_things_are_refused(tmp_path, toy, monkeypatch):
    """What the other process gives is a checksum that differs, of the config or of the data."""
    for differs, message in ((0, "different configs: start the same"), (1, "different data: see")):
        asked = iter(range(3))
        monkeypatch.setattr(parallel, "same", lambda _: next(asked) != differs)  # noqa: B023
        with pytest.raises(UserError, match=message):
            train(toy.config(steps=2), tmp_path / str(differs))
        assert not (tmp_path / str(differs)).exists()


TINY = """
from configs import aae_mnist

def get_config():
    config = aae_mnist.get_test_config()
    config.log.tensorboard = False
    config.evaluation.periodic = config.evaluation.metrics = ("reconstruction",)
    config.evaluation.figures = ()
    return config
"""


def test_the_command_line_joins_processes_and_the_first_evaluates(tmp_path):
    file = tmp_path / "tiny.py"
    file.write_text(TINY)

    def command(workdir):
        return "-m", "aae_jax.main", f"--config={file}", f"--workdir={tmp_path / workdir}"

    pair = run_pair(lambda address, i: (*command("two"), f"--distributed={address},2,{i}"))
    for _, err, status in pair:
        assert status == 0, err[-2000:]
    assert [out.count("report.html") for out, _, _ in pair] == [1, 0]
    assert [err.count("first step done") for _, err, _ in pair] == [1, 0]
    subprocess.run([sys.executable, *command("one")], cwd=ROOT, check=True, timeout=240)
    one, two = (
        json.loads((tmp_path / name / "evaluation.json").read_text()) for name in ("one", "two")
    )
    assert one["step"] == two["step"] == 2
    mse = [result["metrics"]["reconstruction_mse"]["mean"] for result in (one, two)]
    assert mse[0] == pytest.approx(mse[1], rel=1e-4)

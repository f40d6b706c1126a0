"""Two JAX processes of two devices each, over loopback, against one process of one device."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from aae_jax.checkpoint import Checkpoints
from aae_jax.train import train
from tests.helpers import final_state, largest_difference, log

ROOT = Path(__file__).parent.parent


def run_pair(workdir, **order):
    """Runs both processes of a run to their end; returns them."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    order |= {"workdir": str(workdir), "coordinator": f"localhost:{port}", "processes": 2}
    pair = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.scripts.run_toy", json.dumps({**order, "process": i})],
            cwd=ROOT,
            env={**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=2"},
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


@pytest.fixture(scope="module")
def fields():
    checkpoint = {"best_metric": "reconstruction_mse"}
    return {"steps": 4, "checkpoint": checkpoint}


def test_two_processes_make_the_run_of_one(tmp_path, toy, fields):
    train(toy.config(**fields), tmp_path / "one")
    # Both are told to stop by a signal that only the first gets, then go on to the end.
    stopped = run_pair(tmp_path / "two", config=fields, signal_step=3, signal="SIGTERM", only=0)
    for out, err, status in stopped:
        assert status == 128 + 15, err[-2000:]
        assert "saved in" in out
    assert Checkpoints(tmp_path / "two", read_only=True).latest_step() == 3
    for _, err, status in run_pair(tmp_path / "two", config=fields):
        assert status == 0, err[-2000:]
    for which in ("latest", "best"):
        one, two = (final_state(tmp_path / name, which) for name in ("one", "two"))
        assert int(one.step) == int(two.step)
        assert largest_difference(one, two) < 2e-5
    lines = [log(tmp_path / name) for name in ("one", "two")]
    for a, b in zip(*lines, strict=True):
        assert (a.keys(), a["step"], a["kind"]) == (b.keys(), b["step"], b["kind"])
        assert all(a[k] == pytest.approx(b[k], rel=1e-4) for k in a if k != "kind")

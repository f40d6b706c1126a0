"""Jobs in processes of their own, here and through submitit."""

import os
import signal
import sys
import threading
import time

import pytest

from aae_jax.errors import UserError
from aae_jax.sweeps import local, slurm
from aae_jax.sweeps.job import Ended, Job

FAIL = "import sys; print('aae_jax: error: no luck', file=sys.stderr); sys.exit(2)"
# Says that it runs, and ends well when it is told to stop.
WAIT = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
pathlib.Path(sys.argv[1]).touch()
time.sleep(100)
"""


def job(code, log, *arguments):
    return Job([sys.executable, "-c", code, *map(str, arguments)], log)


def test_outcomes_and_logs(tmp_path):
    log = tmp_path / "logs" / "a.txt"
    assert job("print('fine')", log)() == Ended(0, "fine")
    assert job(FAIL, log)() == Ended(2, "error: no luck")
    assert log.read_text() == "fine\naae_jax: error: no luck\n"
    assert job("import os; os.kill(os.getpid(), 9)", log)() == Ended(-9, "")


def test_a_failure_does_not_stop_the_others(tmp_path):
    codes = {"a": FAIL, "b": "print(1)", "c": "raise SystemExit(3)", "d": "print(2)"}
    jobs = {name: job(code, tmp_path / name) for name, code in codes.items()}
    ended = {}
    local.run_jobs(jobs, ended.__setitem__, parallel=2)
    assert {name: outcome.status for name, outcome in ended.items()} == {
        "a": 2,
        "b": 0,
        "c": 3,
        "d": 0,
    }


def test_each_process_sees_a_gpu_of_its_own(tmp_path):
    code = "import os, time; time.sleep(0.3); print(os.environ['CUDA_VISIBLE_DEVICES'])"
    jobs = {str(i): job(code, tmp_path / str(i)) for i in range(4)}
    ended = {}
    local.run_jobs(jobs, ended.__setitem__, parallel=2, gpus=["0", "3"])
    assert {outcome.line for outcome in ended.values()} == {"0", "3"}


@pytest.fixture
def interruptible():
    """pytest-xdist's workers ignore SIGINT, which a terminal's programs do not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_stops_what_runs_and_begins_nothing_new(tmp_path, interruptible):
    jobs = {name: job(WAIT, tmp_path / name, tmp_path / f"{name} runs") for name in "abc"}

    def interrupt():
        deadline = time.monotonic() + 60
        while not (tmp_path / "a runs").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)  # to the main thread, as a terminal does

    threading.Thread(target=interrupt).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        local.run_jobs(jobs, lambda *_: None)
    assert time.monotonic() - began < 90
    assert not (tmp_path / "b runs").exists()
    assert jobs["b"]().status == 143  # stopped for good


@pytest.fixture
def no_slurm(monkeypatch):
    """Puts processes of this machine in SLURM's place."""
    submitit = pytest.importorskip("submitit")
    executor = submitit.AutoExecutor
    monkeypatch.setattr(
        submitit, "AutoExecutor", lambda folder, cluster: executor(folder, cluster="local")
    )


def test_submitit_runs_the_jobs(tmp_path, no_slurm):
    jobs = {"a": job("print('fine')", tmp_path / "a"), "b": job(FAIL, tmp_path / "b")}
    ended = {}
    slurm.run_jobs(jobs, ended.__setitem__, tmp_path / "files", {"timeout_min": 5})
    assert ended == {"a": Ended(0, "fine"), "b": Ended(2, "error: no luck")}


def test_a_job_that_meets_its_time_limit_is_stopped_and_queued_again(tmp_path):
    submitit = pytest.importorskip("submitit")
    waiting = job(WAIT, tmp_path / "a", tmp_path / "runs")
    ended = []
    thread = threading.Thread(target=lambda: ended.append(waiting()))
    thread.start()
    while not (tmp_path / "runs").exists():
        time.sleep(0.05)
    again = waiting.checkpoint()
    thread.join()
    assert ended[0].status == 143
    assert isinstance(again, submitit.helpers.DelayedSubmission)


def test_parameters():
    assert slurm.read_parameters("slurm_partition=gpu; timeout_min=600;") == {
        "slurm_partition": "gpu",
        "timeout_min": 600,
    }
    for text in ("gpu", "timeout_min=", "=3"):
        with pytest.raises(UserError, match="give submitit's parameters"):
            slurm.read_parameters(text)


def test_what_is_missing_is_one_line(tmp_path, monkeypatch, no_slurm):
    jobs = {"a": job("", tmp_path / "a")}

    def submit(**parameters):
        slurm.run_jobs(jobs, lambda *_: None, tmp_path, parameters)

    with pytest.raises(UserError, match="submitit refuses: .*nonsense"):
        submit(nonsense=1)
    monkeypatch.setitem(sys.modules, "submitit", None)
    with pytest.raises(UserError, match=r"pip install 'aae_jax\[slurm\]'"):
        submit()

"""The sweep launcher, end to end: runs, skips what is done, names what fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONFIG = """
import beside  # lies in the config's folder
import here  # lies where the command is started
from configs import aae_mnist

def get_config():
    config = aae_mnist.get_test_config()
    config.log.tensorboard = False
    config.evaluation.figures = ()
    config.evaluation.metrics = config.evaluation.periodic = (*beside.METRICS, *here.METRICS)
    return config
"""


def sweep(folder, *arguments):
    (folder / "own").mkdir(exist_ok=True)
    (folder / "own" / "tiny.py").write_text(CONFIG)
    (folder / "own" / "beside.py").write_text('METRICS = ("reconstruction",)')
    (folder / "here.py").write_text("METRICS = ()")
    return subprocess.run(
        [sys.executable, str(ROOT / "launch" / "sweep.py"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_runs_skips_and_names_what_fails(tmp_path):
    grid = ("--config=own/tiny.py", "--sweep=batch_size=8,33", "--config.steps=1")
    told = sweep(tmp_path, *grid, "--dry_run")
    assert told.returncode == 0, told.stderr
    assert "dry run: 2 of 2 would run" in told.stdout
    assert not (tmp_path / "runs").exists()
    for done in (["batch_size=8: done (1 of 2 done)"], []):  # the second time it is skipped
        ended = sweep(tmp_path, *grid)
        assert ended.returncode == 1, ended.stderr
        assert [line for line in ended.stdout.splitlines() if ": done" in line] == done
        (line,) = ended.stderr.splitlines()
        assert line.startswith("sweep: failed: batch_size=33: error: batch_size=33 does not fit")
    folder = tmp_path / "runs" / "tiny_sweep"
    table = (folder / "sweep.md").read_text()
    assert "| 8 | 1 of 1 | 1 | 0." in table
    assert "| 33 | 0 of 1 | 0 |" in table
    assert (folder / "sweep.csv").read_text().count("\n") == 3
    assert (folder / "batch_size=8" / "report.html").exists()
    assert not (folder / "batch_size=33").exists()
    assert "compiling" in (folder / "logs" / "batch_size=8.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "no experiment given"),
        (("--config=own/tiny.py",), "no grid given"),
        (("--config=own/tiny.py", "--sweep=sed=0"), "no field sed"),
        (("--config=absent.py", "--sweep=seed=0"), "no config file 'absent.py'"),
        (("--config=own/tiny.py", "--sweep=seed=0", "--mode=evaluate"), "leave out --mode"),
        (("--config=own/tiny.py", "--sweep=seed=0", "--trial=1"), "--trial is for --mode=export"),
        (
            ("--config=own/tiny.py", "--sweep=seed=0", "--slurm=a=1", "--parallel=2"),
            "leave out --parallel and --gpus, or --slurm",
        ),
        (("--config=own/tiny.py", "--sweep=seed=0", "--gpus=0,1"), "--gpus names 2"),
        (("--config=own/tiny.py", "--sweep=seed=0", "--slurm=gpu"), "give submitit's parameters"),
    ],
)
def test_bad_flags_are_one_line(tmp_path, arguments, says):
    ended = sweep(tmp_path, *arguments)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith("sweep: error: ")
    assert says in line


def test_what_the_system_refuses_is_one_line(tmp_path):
    (tmp_path / "file").write_text("mine")
    ended = sweep(tmp_path, "--config=own/tiny.py", "--sweep=seed=0", "--workdir=file/below")
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("sweep: error: file/below")
    assert "Traceback" not in ended.stderr

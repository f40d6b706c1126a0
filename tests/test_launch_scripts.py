"""The launchers, with stand-ins for the clusters' own programs and for an installed Python."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Writes down how it was called, one argument a line, and ends as it is told to.
STAND_IN = """#!/usr/bin/env bash
{ echo "$(basename "$0")"; printf '%s\\n' "$@"; echo; } >> "$CALLS"
exit "${STATUS:-0}"
"""


@pytest.fixture
def call(tmp_path):
    """Runs a script; returns its process and the calls of the stand-ins."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("srun", "scontrol", "gcloud"):
        (programs / name).write_text(STAND_IN)
        (programs / name).chmod(0o755)

    def run(script, *arguments, **environment):
        calls = tmp_path / "calls"
        calls.unlink(missing_ok=True)
        done = subprocess.run(
            ["bash", str(ROOT / "launch" / script), *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={
                **os.environ,
                "PATH": f"{programs}:{os.environ['PATH']}",
                "CALLS": str(calls),
                **environment,
            },
        )
        text = calls.read_text() if calls.exists() else ""
        return done, [entry.splitlines() for entry in text.strip().split("\n\n") if entry]

    return run


def slurm(tmp_path, tasks):
    return {
        "SLURM_SUBMIT_DIR": str(tmp_path),
        "SLURM_NTASKS": str(tasks),
        "SLURM_JOB_ID": "7",
    }


def test_slurm_starts_every_process(tmp_path, call):
    done, calls = call("slurm.sh", "--config=a b.py", **slurm(tmp_path, 8))
    assert done.returncode == 0, done.stderr
    program = ["srun", "python", "-m", "aae_jax.main"]
    assert calls == [[*program, "--distributed=auto", "--config=a b.py"]]
    _, calls = call("slurm.sh", "--config=a.py", **slurm(tmp_path, 1))
    assert calls == [[*program, "--config=a.py"]]


@pytest.mark.parametrize(("status", "again"), [(143, True), (2, False), (3, False)])
def test_slurm_queues_a_stopped_run_again(tmp_path, call, status, again):
    # The status of srun, and of scontrol after it, which does not matter.
    done, calls = call("slurm.sh", "--config=a.py", STATUS=str(status), **slurm(tmp_path, 1))
    assert [entry[0] for entry in calls] == (["srun", "scontrol"] if again else ["srun"])
    assert done.returncode == status
    if again:
        assert calls[1] == ["scontrol", "requeue", "7"]


def test_slurm_without_sbatch_is_one_line(call):
    done, calls = call("slurm.sh", "--config=a.py", SLURM_SUBMIT_DIR="")
    assert done.returncode != 0
    assert "start me with sbatch" in done.stderr
    assert calls == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a clone")
def test_tpu_pod_copies_installs_and_runs_everywhere(call):
    done, calls = call("tpu_pod.sh", "my-tpu", "a-zone", "--config=a b.py", "--workdir=/disk/x")
    assert done.returncode == 0, done.stderr
    assert [entry[4] for entry in calls] == ["scp", "ssh", "ssh"]
    for entry in calls:
        assert {"--worker=all", "--zone=a-zone"} <= set(entry)
    assert calls[2][-1] == (
        "--command=cd aae_jax && .venv/bin/python -m aae_jax.main --distributed=auto "
        "--config=a\\ b.py --workdir=/disk/x"
    )


def test_tpu_pod_says_how_to_call_it(call):
    done, calls = call("tpu_pod.sh", "my-tpu")
    assert done.returncode == 2
    assert done.stderr.startswith("usage: bash launch/tpu_pod.sh NAME ZONE")
    assert calls == []


@pytest.mark.parametrize("arguments", [(), ("--config.seed=1", "--config.steps=200")])
def test_the_quickstarts_arguments_reach_main_and_not_the_install(tmp_path, arguments):
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").write_text(STAND_IN)
    (programs / "python").chmod(0o755)
    (programs / "activate").write_text(f'PATH="{programs}:$PATH"\n')
    launch = shutil.copytree(ROOT / "launch", tmp_path / "launch")
    calls = tmp_path / "calls"
    subprocess.run(
        ["bash", str(launch / "quickstart.sh"), *arguments],
        check=True,
        env={**os.environ, "CALLS": str(calls)},
    )
    install, main = (entry.splitlines() for entry in calls.read_text().strip().split("\n\n"))
    assert install[-2:] == ["--editable", "."]
    assert main[1:] == ["-m", "aae_jax.main", "--config=configs/amm_digits.py", *arguments]

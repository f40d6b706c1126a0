"""The launcher's own part: flags, one line for what is wrong, and the files that it writes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def reproduce(*arguments):
    return subprocess.run(
        [sys.executable, "launch/reproduce.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give one of --list, --table=<name>"),
        (["--list", "--write_results"], "give one of --list"),
        (["--table=x", "y"], "unexpected argument 'y'"),
        (["--table=x", "--trials=0"], "--trials=0"),
        (["--nonsense"], "nonsense"),
        (["--list", "--budget=1h"], "--budget is for --table, not for --list"),
        (["--from_workdir=x", "--dry_run"], "--dry_run is for --table, not for --from_workdir"),
        (["--table=aim_table_2", "--config=x"], "--config is for --from_workdir, not for --table"),
        (["--table=aim_tabel_2"], "no table 'aim_tabel_2'; the nearest are aim_table_2"),
        (["--table=aim_table_2", "--row=x"], "table aim_table_2 has the configs aim_grid"),
        (["--table=aim_table_2", "--row=x"], "veegan_grid and the rows GAN; ALI; "),
        (["--table=aim_table_2", "--budget=x"], "--budget=x: give steps or time"),
        (["--table=aim_table_2", "--json=absent/x.json"], "there is no folder absent"),
        (["--table=aim_table_2", "--json=tests"], "--json=tests is a folder"),
        (["--table=aim_table_2", f"--json={'x' * 300}"], "File name too long; mend that"),
        (["--from_workdir=nowhere"], "nowhere is no workdir of a run"),
    ],
)
def test_bad_flags_end_in_one_line(tmp_path, arguments, message):
    done = reproduce(*arguments, f"--results={tmp_path / 'results'}")
    assert done.returncode == 2
    assert done.stderr.startswith("reproduce: error: ")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_runs_a_row_prints_the_table_and_writes_both_files(tmp_path):
    arguments = (
        "--table=iae_figure_5",
        "--row=gan_ring",
        "--trials=2",
        "--budget=2steps",
        "--override=evaluation.figures=()",
        f"--runs={tmp_path / 'runs'}",
        f"--results={tmp_path / 'results'}",
    )
    planned = reproduce(*arguments, "--row=GAN (b)", "--dry_run")  # by its label, the last counts
    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.startswith("GAN (b): train 2 steps (reduced from 2,000)")
    assert list(tmp_path.iterdir()) == []

    done = reproduce(*arguments, f"--json={tmp_path / 'table.json'}")
    assert done.returncode == 0, done.stderr
    assert "| GAN (b) | component purity | no number |" in done.stdout
    assert "2 (0), reduced from 2,000" in done.stdout
    (file,) = (tmp_path / "results").iterdir()
    kept = json.loads(file.read_text())
    assert (kept["step"], kept["trials"], kept["full_steps"]) == (2, 2, 2000)
    assert done.stdout.split("\n\n")[0] in (tmp_path / "RESULTS.md").read_text()
    table = json.loads((tmp_path / "table.json").read_text())
    assert table["state"] == "partly"
    assert table["rows"][0]["record"] == file.name

    (workdir,) = (tmp_path / "runs").iterdir()
    again = reproduce(f"--from_workdir={workdir}", arguments[-1])
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("recorded as configs/gan_ring.py: ")
    assert again.stdout.endswith("it enters iae_figure_5\n")
    assert [path.name for path in (tmp_path / "results").iterdir()] == [file.name]

    config = json.loads((workdir / "config.json").read_text())
    config["optimizer"]["learning_rate"] = 0.5
    (workdir / "config.json").write_text(json.dumps(config))
    others = f"--results={tmp_path / 'others'}"
    other = reproduce(f"--from_workdir={workdir}", "--config=gan_ring", others)
    assert other.stdout.endswith("of that config with seed=100, optimizer.learning_rate=0.5\n")

    listed = reproduce("--list", arguments[-1])
    assert "partly: of 2 rows 1 reduced, 1 of fewer trials, 1 without a figure" in listed.stdout

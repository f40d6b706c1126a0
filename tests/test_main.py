"""The command line: what goes well, and that everything else ends in one line."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import aae_jax
from tests.scripts.orders import serving

ROOT = Path(__file__).parent.parent
DIGITS = f"--config={ROOT}/configs/amm_digits.py"

# A run of a second: AAE with small networks on points that need no files.
TINY = """
from aae_jax import config as base
from configs import aae_mnist

def get_config():
    config = aae_mnist.get_test_config()
    config.log.tensorboard = False
    config.evaluation.figures = ("samples",)
    return config
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Working directory of all runs, with configs good and bad, and a finished run in `done`."""
    folder = tmp_path_factory.mktemp("main")
    files = {
        "tiny.py": TINY,
        "syntax.py": "def get_config(:\n",
        "nothing.py": "x = 1\n",
        "imports.py": "import nowhere_to_be_found\ndef get_config():\n  return 1\n",
        "empty.py": "",
        "number.py": "def get_config():\n  return 1\n",
        "name.py": "def get_config():\n  return undefined\n",
        "typing.py": "from configs.amm_digits import get_config as g\n"
        "def get_config():\n  c = g()\n  c.steps = 'many'\n  return c\n",
        "raises.py": "def get_config():\n  open('no such file')\n",
        "typo.py": TINY.replace("    return", "    config.step = 3\n    return"),
        "file": "mine",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "damaged_data").mkdir()
    (folder / "damaged_data" / "set.npz").write_bytes(b"PK\x03\x04 but no more")
    return folder


@pytest.fixture(scope="module")
def main(folder):
    """Runs a command line in that folder, see tests/scripts/run_main.py."""
    with serving("run_main", folder) as carry_out:
        yield carry_out


@pytest.fixture(scope="module")
def done(folder, main):
    """A finished run, and one with nothing but damaged checkpoints."""
    order = ["--config=tiny.py", "--workdir=done"]
    results = [main(order), main(order), main([*order, "--mode=evaluate"])]
    shutil.copytree(folder / "done", folder / "damaged")
    for file in (folder / "damaged/checkpoints/latest").rglob("d/*"):
        file.write_bytes(b"x")
    return results


BAD = {
    # Command line -> what the line says.
    "": "no experiment given: add --config=configs/<name>.py",
    "--config=": "no config file ''",
    "--config=configs/nothing.py": "'configs/nothing.py'; the nearest of the package",
    "--config configs/nothing.py": "no config file 'configs/nothing.py'",
    "--config=configs/amm_mnits.py": "are configs/amm_mnist.py",
    "--config=syntax.py": "line 1 of syntax.py: invalid syntax",
    "--config=nothing.py": "get_config",
    "--config=imports.py": "line 1 of imports.py: ModuleNotFoundError: No module named 'nowhere",
    "--config=number.py": "the config is a int: get_config() must return",
    "--config=name.py": "line 2 of name.py: NameError: name 'undefined' is not defined",
    "--config=typing.py": "line 4 of typing.py: ",
    "--config=raises.py": "no such file",
    "--config=typo.py": "unknown field step: known are accumulate",
    "--config=tiny.py --trials=3": "no flag --trials: --config.trials= sets that field",
    "--config=tiny.py --config.seed=1.5": "'1.5' is no whole number",
    "--config=empty.py": "empty.py has no get_config(): define one",
    "--config=tiny.py foo": "unexpected argument 'foo'",
    "--config=tiny.py --nonsense=1": "Unknown command line flag 'nonsense'",
    "--config=tiny.py --mode=test": "--mode=test",
    "--config=tiny.py --mode=evaluate --dry_run": "--dry_run tells of a training",
    "--config=tiny.py --dry_run --config.batch_size=33": "batch_size=33 does not fit the 32",
    "--config=tiny.py --distributed=node0,2,0": "give auto, or host:port,processes,process",
    "--config=tiny.py --distributed=node0:1234,2,2": "with process from 0 to processes - 1",
    "--config=tiny.py --distributed=auto --mode=evaluate": "works in one process",
    "--config=tiny.py --config.nonsense=1": "nonsense",
    "--config=tiny.py --config.data.nonsense=1": "nonsense",
    "--config=tiny.py --config.steps=1.5": "--config.steps=1.5",
    "--config=tiny.py --config.steps=-3": "steps is -3: it must be at least 1",
    "--config=tiny.py --config.batch_size=33": "batch_size=33 does not fit the 32",
    "--config=tiny.py --config.method=nonsense": "method is 'nonsense': choose one of aae, ",
    "--config=tiny.py --config.game.prior.dim=0": "game.prior.dim is 0",
    "--config=tiny.py --config.evaluation.metrics=('nonsense',)": "'nonsense'",
    "--config=tiny.py --config.evaluation.figures=('nonsense',)": "'nonsense'",
    "--config=tiny.py --config.evaluation.periodic=('nonsense',)": "'nonsense'",
    "--config=tiny.py --config.evaluation.metrics=('clustering',)": "no function predict",
    "--config=tiny.py --config.evaluation.metrics=('label_agreement',)": "no classifier is named",
    "--config=tiny.py --config.evaluation.metrics=('fid',)": "no network is named that judges",
    "--config=tiny.py --config.evaluation.inception=absent.npz": "there is no file absent.npz",
    "--config=tiny.py --config.evaluation.classifier=absent": "absent is no workdir of a run",
    "--config=tiny.py --config.evaluation.classifier=done": "it holds a run of method 'aae'",
    "--config=tiny.py --config.optimizer.generator.learning_rate=-1.0": "optimizer.generator: an "
    "optimizer's learning_rate is -1.0",
    "--config=tiny.py --config.optimizer.generator.name=nonsense": "'nonsense'",
    "--config=tiny.py --config.data.name=nonsense": "nonsense",
    "--config=tiny.py --config.data.name=mnist --config.data.dir=empty": "mnist",
    "--config=tiny.py --config.data.name=npz --config.data.dir=damaged_data "
    "--config.data.size=0": "set.npz",
    f"{DIGITS} --config.network.name=nonsense": "network.name is 'nonsense': choose one of",
    f"{DIGITS} --config.optimizer.name=nonsense": "unknown optimizer name 'nonsense'",
    "--config=tiny.py --workdir=file": "file is not a folder",
    "--config=tiny.py --workdir=file/below": "choose another --workdir",
    "--config=tiny.py --workdir=/proc/run": "cannot write to workdir /proc/run",
    "--config=tiny.py --workdir=done --config.seed=3": "seed (0 there, 3 now)",
    "--config=tiny.py --workdir=done --config.steps=1": "at step 2 already",
    "--config=tiny.py --workdir=damaged --config.steps=3": "damaged, of another config or version",
    "--config=tiny.py --workdir=damaged --mode=evaluate": "damaged, of another config or version",
    "--config=tiny.py --workdir=new --mode=evaluate": "no latest checkpoint",
    "--mode=export --workdir=done": "no folder to export to given: add --export_dir=",
    "--mode=export --export_dir=x": "no run to export given: add --workdir=runs/<name>",
    "--mode=export --export_dir=x --workdir=absent": "absent is not there: name the workdir",
    "--mode=export --export_dir=x --workdir=damaged": "damaged, of another config or version",
    "--mode=export --export_dir=x --workdir=done --trial=1": "there is no trial 1: the run in done",
    "--mode=export --export_dir=x --workdir=done --trial=a": "--trial=a",
    "--mode=export --export_dir=done --workdir=done --overwrite": "something else than an exported",
    "--mode=export --export_dir=file --workdir=done": "file is not a folder",
    "--mode=export --export_dir=x --workdir=done --config=tiny.py --config.seed=3": "(0 there, 3",
    "--mode=export --export_dir=x --workdir=done --dry_run": "out --distributed and --dry_run",
    "--config=tiny.py --export_dir=x": "--export_dir is for --mode=export: leave it out, or add",
}


@pytest.fixture(scope="module")
def refusals(folder, main, done):
    def files():
        return {
            p: p.read_bytes()
            for p in sorted(folder.rglob("*"))
            if p.is_file() and p.suffix != ".pyc"
        }

    before = files()
    results = {line: main(line.split()) for line in BAD}
    assert files() == before  # nothing the user had is lost, and nothing is left behind
    assert not (folder / "new").exists()
    assert not (folder / "runs").exists()
    return results


@pytest.mark.parametrize("line", BAD)
def test_bad_input_ends_in_one_line(refusals, line):
    result = refusals[line]
    assert result["status"] == 2, result["err"]
    assert "Traceback" not in result["err"]
    *log, error = result["err"].splitlines()
    assert error.startswith("aae_jax: error: ")
    assert BAD[line] in error
    assert len(error) < 600
    # Nothing but our own progress before it.
    assert all(entry[2] == ":" and " Data: " in entry for entry in log), log
    assert result["seconds"] < 5


def test_trains_and_evaluates_then_only_evaluates(folder, done):
    first, second, third = done
    for result in done:
        assert result["status"] == 0, result["err"]
        assert result["out"] == "report: done/report.html\n"
    assert "compiling the train step" in first["err"]
    assert "compiling the train step" not in second["err"] + third["err"]
    assert "WARNING" not in first["err"]
    evaluation = json.loads((folder / "done" / "evaluation.json").read_text())
    assert evaluation["step"] == 2
    assert {p.name for p in (folder / "done").iterdir()} == {
        ".lock",
        "config.json",
        "metrics.jsonl",
        "checkpoints",
        "evaluation.json",
        "figures",
        "report.html",
    }


def test_exports_the_model_of_a_run(folder, main, done):
    """With the config in the workdir, or with the one given; again only when told to."""
    order = ["--mode=export", "--workdir=done", "--export_dir=exported/done"]
    results = [main(order), main(order), main([*order, "--overwrite", "--config=tiny.py"])]
    assert [result["status"] for result in results] == [0, 2, 0], results
    assert "holds an exported model already" in results[1]["err"]
    assert results[0]["out"] == results[2]["out"] == "exported: exported/done\n"
    assert "Exporting decode" in results[0]["err"]
    model = aae_jax.load(folder / "exported" / "done")
    assert model.step == 2
    assert model.sample(3, seed=0).shape == (3, *model.example_shape)
    assert not (folder / "x").exists()


def test_a_dry_run_does_nothing(folder, main):
    result = main(["--config=tiny.py", "--workdir=dry", "--dry_run"])
    assert result["status"] == 0, result["err"]
    assert "  dry: would be made\n" in result["out"]
    assert "dry run: every check passed, nothing was compiled or written" in result["out"]
    assert "compiling" not in result["err"]
    assert not (folder / "dry").exists()


def run(*arguments, cwd, **options):
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, **options
    )


def test_help_is_quick():
    began = time.monotonic()
    result = run("-X", "importtime", "-m", "aae_jax.main", "--help", cwd=ROOT)
    seconds = time.monotonic() - began
    assert "--config" in result.stdout
    assert "--workdir" in result.stdout
    assert seconds < 2 or os.getloadavg()[0] > 2 * os.cpu_count()
    modules = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    heavy = {"jax", "flax", "optax", "orbax", "tensorflow", "matplotlib", "sklearn", "scipy"}
    assert modules & heavy == set()


def test_an_installed_package_runs_anywhere(tmp_path):
    """configs/ is found inside the package where there is no such folder."""
    site = tmp_path / "site"
    build = ("build", "--build-base", str(tmp_path / "build"), "--build-lib", str(site))
    run("setup.py", "-q", *build, cwd=ROOT, check=True)
    result = run(
        *("-m", "aae_jax.main", "--config=configs/aae_mnist.py", "--config.steps=2"),
        *("--config.data.name=random", "--config.data.size=32", "--config.batch_size=8"),
        *("--config.network.hidden=(16, 16)", "--config.evaluation.figures=()"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "runs" / "aae_mnist" / "report.html").exists()

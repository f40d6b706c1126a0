"""A workdir that cannot be written: 8 paths of a run taken by something else, and 1 file system.

A file lies where a folder must be made, or a folder where a file must be written; this stops any
user, root too. Each run ends in one line that names the path, and leaves what lay there.
"""

import pytest

from tests.helpers import final_state
from tests.reliability.tools import one_line, run_all

FILES = ("checkpoints", "tensorboard", "figures")
FOLDERS = (".lock", "config.json", "metrics.jsonl", "evaluation.json", "report.html")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("obstructed")
    for name in FILES:
        (folder / f"run_{name}").mkdir()
        (folder / f"run_{name}" / name).write_text("mine")
    for name in FOLDERS:
        (folder / f"run_{name}" / name / "mine").mkdir(parents=True)
    names = [*FILES, *FOLDERS]
    orders = [{"arguments": [f"--workdir=run_{name}"]} for name in names]
    orders.append({"arguments": ["--workdir=/proc/run"]})
    ended = run_all(folder, orders)
    return folder, dict(zip([*names, "/proc/run"], ended, strict=True))


@pytest.mark.parametrize("name", [*FILES, *FOLDERS, "/proc/run"])
def test_one_line_names_the_path(results, name):
    folder, ended = results
    line = one_line(ended[name], 2, "aae_jax: error: ")
    print(line)
    assert name in line
    if name in FILES:
        assert (folder / f"run_{name}" / name).read_text() == "mine"
    elif name in FOLDERS:
        assert (folder / f"run_{name}" / name / "mine").is_dir()
    if name in ("figures", "evaluation.json", "report.html"):  # the training was not in vain
        assert int(final_state(folder / f"run_{name}").step) == 4

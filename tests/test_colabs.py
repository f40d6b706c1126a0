"""The notebooks: what is stored of them, and, in the slow tests, that they run to the end."""

import os
from pathlib import Path

import nbclient
import nbformat
import pytest

from tests.examples import one_phase_aae

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "colabs").glob("*.ipynb"))
WRITES = "%%writefile "

parametrize = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code(path):
    """The sources of code cells."""
    return [cell.source for cell in read(path).cells if cell.cell_type == "code"]


def without_magic(source):
    return source.partition("\n")[2] if source.startswith(WRITES) else source


def test_there_are_notebooks():
    assert {path.stem for path in NOTEBOOKS} >= {"quickstart", "adding_a_method"}


@parametrize
def test_a_notebook_is_valid_and_stored_without_outputs(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.cells[0].cell_type == "markdown"
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


@parametrize
def test_the_code_compiles(path):
    for index, source in enumerate(code(path)):
        compile(without_magic(source), f"{path.stem}, code cell {index}", "exec")


@parametrize
def test_the_first_code_installs_the_clone(path):
    assert code(path)[0] == code(NOTEBOOKS[0])[0]
    assert '"pip", "install"' in code(path)[0]


def test_the_method_of_the_notebook_is_the_example_s():
    (source,) = (s for s in code(ROOT / "colabs/adding_a_method.ipynb") if "my_method.py" in s[:40])
    body = source[source.index("def build") :].strip()
    assert len(body.splitlines()) > 30  # all of it, not its first lines
    assert body in Path(one_phase_aae.__file__).read_text()


@pytest.mark.slow
@parametrize
def test_a_notebook_runs_to_the_end(path, tmp_path, monkeypatch):
    monkeypatch.delenv("XLA_FLAGS")  # for a little compiled and much run
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    notebook = read(path)
    where = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=900, kernel_name="python3", resources=where).execute()
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert sum("image/png" in o.get("data", {}) for o in outputs) >= 3
    errors = [o for o in outputs if o.output_type == "stream" and o.name == "stderr"]
    assert errors == []

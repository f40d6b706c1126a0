"""What is written, and that nothing else is lost by it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aae_jax.errors import UserError
from aae_jax.exports import reading, writing


@pytest.fixture
def stub(monkeypatch):
    """Programs are of no interest here, and slow to make."""
    monkeypatch.setattr(writing.programs, "make", lambda model, name: [])
    monkeypatch.setattr(writing.card, "as_markdown", lambda model, programs: "card")


def names(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_the_files(original, model):
    functions = {f"functions/{name}.bin" for name in model.functions.names}
    assert names(original) == functions | {
        *("README.md", "export.json", "config.json", "model.safetensors")
    }
    assert [p.name for p in original.parent.iterdir()] == ["amm"]  # nothing left beside it
    sums = json.loads((original / "export.json").read_text())["sha256"]
    assert set(sums) == names(original) - {"README.md", "export.json"}


def test_the_cards_numbers(original):
    """Those of this trial, and of all; what is not finite is said to be."""
    card = (original / "README.md").read_text()
    rows = [line.split(" | ")[1:] for line in card.splitlines() if "_hungarian`" in line]
    assert rows == [["25.00 %", "not finite |"]]
    rows = [line.split(" | ")[1:] for line in card.splitlines() if "_mse`" in line]
    assert rows == [["0.1", "0.2000 ± 0.1000 |"]]
    assert "AMM, the method of “Adversarially Learned Mixture Model”" in card
    assert "| Steps | 7 of 8 examples |" in card
    assert "| `functions/predict.bin` | float32 (N, 16, 16, 1) | float32 (N, 3) | cpu" in card


def test_the_cards_snippet_needs_jax_and_safetensors_only(original):
    """It runs as it stands in the folder, and this package is nowhere in it."""
    card = (original / "README.md").read_text()
    snippet = re.findall(r"```python\n(.*?)```", card, re.DOTALL)[1]
    assert len(re.findall(r"^[a-z].* = ", snippet, re.MULTILINE)) <= 10
    check = "\nimport sys\nprint(output.shape, 'aae_jax' in sys.modules, 'flax' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", snippet + check], cwd=original, capture_output=True, text=True
    )
    assert done.stdout == "(4, 16, 16, 1) False False\n", done.stderr


def test_a_card_without_numbers(stub, model, tmp_path, monkeypatch):
    monkeypatch.undo()
    from aae_jax.exports import card

    monkeypatch.setattr(model, "origin", tmp_path)
    assert card._numbers(model) == "Not evaluated."
    evaluation = tmp_path / "evaluation.json"
    evaluation.write_text('{"step": 3, "trials": 1, "metrics": {}, "time": ""}')
    assert card._numbers(model) == "The run was evaluated at step 3, not at this model's 7."
    evaluation.write_text('{"step": 7, "trials": 1, "metrics": {}, "time": ""}')
    assert card._numbers(model) == "The evaluation of the run asks for no numbers."
    of_no_trials = '{"step": 7, "trials": 1, "metrics": {"x": 1}, "time": ""}'
    for damage in ("{", "[]", "{}", of_no_trials):
        evaluation.write_text(damage)
        with pytest.raises(UserError, match="evaluation.json: it is damaged; remove it"):
            card._numbers(model)


def test_refuses_to_overwrite_unless_told(stub, model, tmp_path):
    folder = tmp_path / "deep" / "x"
    writing.write(model, folder, overwrite=False)
    before = (folder / "export.json").read_bytes()
    with pytest.raises(UserError, match="holds an exported model already: .*, or say overwrite"):
        writing.write(model, folder, overwrite=False)
    (folder / "export.json").write_bytes(b"{}")
    writing.write(model, folder, overwrite=True)
    assert (folder / "export.json").read_bytes() == before
    assert [p.name for p in folder.parent.iterdir()] == ["x"]
    writing.write(model, tmp_path / "empty", overwrite=False)


def test_never_overwrites_anything_else(stub, model, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(UserError, match="holds something else than an exported model"):
            writing.write(model, tmp_path / "mine", overwrite)
        with pytest.raises(UserError, match="file is not a folder"):
            writing.write(model, tmp_path / "file", overwrite)
        with pytest.raises(UserError, match="cannot write .*file/below: Not a directory"):
            writing.write(model, tmp_path / "file" / "below", overwrite)
    assert (tmp_path / "mine" / "thesis.tex").read_text() == "mine"
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(stub, model, tmp_path, monkeypatch, call):
    folder = tmp_path / "x"
    writing.write(model, folder, overwrite=False)
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    real, calls = getattr(writing.os, call), []

    def fail(*arguments):
        calls.append(arguments)
        if len(calls) == 2:  # of `replace`, the old folder is aside by then
            raise OSError(28, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(writing.os, call, fail)
    with pytest.raises(UserError, match="cannot write .*x: No space left on device; choose"):
        writing.write(model, folder, overwrite=True)
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_an_exported_model_is_copied_instead(original, tmp_path):
    with pytest.raises(UserError, match="is exported already: copy that folder"):
        writing.write(reading.read(original), tmp_path / "x", overwrite=False)
    assert not (tmp_path / "x").exists()


def test_an_interrupt_between_the_two_moves_leaves_the_old_export(
    stub, model, tmp_path, monkeypatch
):
    folder = tmp_path / "exported"
    writing.write(model, folder, overwrite=False)
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    replace = os.replace

    def interrupted(source, target):
        if Path(target) == folder and str(source).endswith(".new"):
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writing.write(model, folder, overwrite=True)
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["exported"]

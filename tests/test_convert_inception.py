"""The script that converts Inception's weights, where PyTorch is installed."""

import importlib.util
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.scorer.inception import load
from tests.inception import torch_weights

torch = pytest.importorskip("torch")

SCRIPT = Path(__file__).parent.parent / "launch/convert_inception.py"


@pytest.fixture(scope="module")
def convert():
    spec = importlib.util.spec_from_file_location("convert_inception", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.convert


def save(path, **changes):
    weights = {name: torch.from_numpy(value) for name, value in torch_weights().items()}
    torch.save(weights | changes, path)


def test_what_is_written_is_what_the_judge_reads(tmp_path):
    save(tmp_path / "inception.pth")
    done = subprocess.run(
        [sys.executable, SCRIPT, tmp_path / "inception.pth", tmp_path / "inception.safetensors"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    variables = load(str(tmp_path / "inception.safetensors"))
    np.testing.assert_array_equal(
        variables["params"]["fc"]["kernel"], torch_weights()["fc.weight"].T
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "inception.pth",
        "inception.safetensors",
    ]


class Code:
    """A pickle that would run code."""

    def __reduce__(self):
        return Path.touch, (Path("ran"),)


def test_other_files_are_refused_and_nothing_is_run_or_written(convert, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save("other.pth", **{"fc.weight": torch.zeros(1000, 2048)})
    Path("code.pth").write_bytes(pickle.dumps(Code(), protocol=2))
    Path("text.pth").write_text("weights")
    target = Path("inception.safetensors")
    for source, message in {
        "absent.pth": "there is no file absent.pth",
        "other.pth": "fc.weight has the shape",
        "code.pth": "code.pth holds no PyTorch weights",
        "text.pth": "text.pth holds no PyTorch weights",
    }.items():
        with pytest.raises(UserError, match=message) as error:
            convert(Path(source), target)
        assert "\n" not in str(error.value)
    with pytest.raises(UserError, match="must end in .safetensors"):
        convert(Path("other.pth"), Path("inception.bin"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["code.pth", "other.pth", "text.pth"]

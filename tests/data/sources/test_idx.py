import gzip
import struct

import numpy as np
import pytest

from aae_jax.data import load
from tests.data.helpers import pictures, refusal, settings

SIZES = {"train": 50, "t10k": 20}


def write(folder, *, zipped=True, names=SIZES):
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for seed, prefix in enumerate(names):
        n = SIZES[prefix]
        images, label = pictures(n, 28, 28, seed=seed), (np.arange(n) % 10).astype(np.uint8)
        written[prefix] = images, label
        contents = {
            "images-idx3": struct.pack(">4I", 0x803, n, 28, 28) + images.tobytes(),
            "labels-idx1": struct.pack(">2I", 0x801, n) + label.tobytes(),
        }
        for kind, content in contents.items():
            path = folder / f"{prefix}-{kind}-ubyte{'.gz' if zipped else ''}"
            path.write_bytes(gzip.compress(content) if zipped else content)
    return written


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("place", [".", "mnist"])
def test_reads_the_four_files(tmp_path, zipped, place):
    written = write(tmp_path / place, zipped=zipped)
    data = load(settings("mnist", dir=str(tmp_path)))
    np.testing.assert_array_equal(data.train.data, written["train"][0])
    np.testing.assert_array_equal(data.train.label, written["train"][1])
    np.testing.assert_array_equal(data.test.data, written["t10k"][0])
    np.testing.assert_array_equal(data.test.label, written["t10k"][1])
    assert data.num_classes == 10
    assert data.train.label.dtype == np.int32
    assert "IDX files" in data.note


def test_default_place(tmp_path, monkeypatch):
    monkeypatch.setenv("AAE_JAX_CACHE", str(tmp_path))
    write(tmp_path / "raw" / "mnist")
    assert len(load(settings("mnist")).train) == 50


def test_missing_files_are_named(tmp_path):
    write(tmp_path, names=["train"])
    assert "has no split 'test', only 'train' (50)" in refusal("mnist", dir=str(tmp_path))
    data = load(
        settings("mnist", dir=str(tmp_path), train_split="train[:40]", test_split="train[40:]")
    )
    assert (len(data.train), len(data.test)) == (40, 10)
    (tmp_path / "train-labels-idx1-ubyte.gz").unlink()
    assert "but not train-labels-idx1-ubyte" in refusal("mnist", dir=str(tmp_path))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda b: b[: len(b) // 2], "damaged or cut short"),
        (lambda b: b"", "damaged or cut short"),
        (lambda b: b"<html>not found</html>", "damaged or cut short"),
        (lambda b: gzip.compress(b"\0" * 2000), "starts with 0x00000000, not 0x00000803"),
        (lambda b: gzip.compress(gzip.decompress(b)[:-5]), "bytes where its header says"),
    ],
)
def test_damaged_file_is_named(tmp_path, damage, says):
    write(tmp_path)
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(damage(path.read_bytes()))
    message = refusal("mnist", dir=str(tmp_path))
    assert str(path) in message
    assert says in message


def test_counts_must_agree(tmp_path):
    write(tmp_path)
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(struct.pack(">2I", 0x801, 3) + b"\1\2\3"))
    assert "has 20 images but t10k-labels-idx1-ubyte.gz has 3" in refusal(
        "mnist", dir=str(tmp_path)
    )


def test_labels_beyond_the_digits_are_refused(tmp_path):
    write(tmp_path)
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(struct.pack(">2I", 0x801, 20) + bytes([12] * 20)))
    assert "labels from 12 to 12, outside 0 to 9" in refusal("mnist", dir=str(tmp_path))

import os

import numpy as np
import pytest

from aae_jax.data import cache
from tests.data.helpers import pictures

DATA, LABEL = pictures(20), np.arange(20, dtype=np.int32)


def counted(label=LABEL):
    calls = []

    def make():
        calls.append(1)
        return DATA, label

    return make, calls


@pytest.mark.parametrize("label", [LABEL, None], ids=["labels", "no labels"])
def test_second_load_comes_from_disk(label):
    make, calls = counted(label)
    for _ in range(3):
        data, read = cache.load_or_make("entry", make)
        np.testing.assert_array_equal(data, DATA)
        np.testing.assert_array_equal(read, label)
    assert len(calls) == 1


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
@pytest.mark.parametrize("damage", ["cut", "empty", "flip", "gone"])
def test_damaged_entry_is_made_anew(suffix, damage):
    make, calls = counted()
    cache.load_or_make("entry", make)
    path = cache.root() / "decoded" / f"entry{suffix}"
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        middle = len(content) // 2
        content[middle] ^= 0xFF
        path.write_bytes({"cut": content[:middle], "empty": b"", "flip": content}[damage])
    data, label = cache.load_or_make("entry", make)
    np.testing.assert_array_equal(data, DATA)
    np.testing.assert_array_equal(label, LABEL)
    assert len(calls) == 2
    cache.load_or_make("entry", make)
    assert len(calls) == 2


def test_nothing_is_left_aside_when_writing_fails(monkeypatch):
    def full(file, *args, **kwargs):
        file.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "save", full)
    make, calls = counted()
    data, _ = cache.load_or_make("entry", make)
    assert data is DATA
    assert len(calls) == 1
    assert os.listdir(cache.root() / "decoded") == []


def test_large_examples_stay_on_disk(monkeypatch):
    monkeypatch.setattr(cache, "_MAP_FROM", DATA.nbytes)
    make, _ = counted()
    cache.load_or_make("entry", make)
    data, _ = cache.load_or_make("entry", make)
    assert isinstance(data.base, np.memmap)
    np.testing.assert_array_equal(data, DATA)


def test_key_follows_files_and_settings(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"one")
    key = cache.key("set", [file], {"size": 32})
    assert key == cache.key("set", [file], {"size": 32})
    assert key != cache.key("set", [file], {"size": 28})
    os.utime(file, (1, 1))
    assert key != cache.key("set", [file], {"size": 32})

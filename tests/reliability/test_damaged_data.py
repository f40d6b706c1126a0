"""Damaged data files: 5 formats, 12 random kinds of damage each.

Each is refused in one line, or, where a format has no checksum and the damage only changed pixels
or labels within their range, read with the right shapes; nothing else is ever raised.
"""

import pickle

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from aae_jax.data import load
from aae_jax.errors import UserError
from tests.data.helpers import pictures, settings
from tests.data.sources.test_idx import write as write_idx

DAMAGES = 12


def write_npz(folder):
    images = pictures(40, 8, 8)
    np.savez_compressed(folder / "set.npz", x_train=images, x_test=images[:10])
    return "npz"


def write_mnist(folder):
    write_idx(folder)
    return "mnist"


def write_svhn(folder):
    for split in ("train", "test"):
        content = {"X": pictures(20, 32, 32, 3).transpose(1, 2, 3, 0), "y": np.ones((20, 1))}
        savemat(folder / f"{split}_32x32.mat", content, do_compression=True)
    return "svhn_cropped"


def write_cifar(folder):
    place = folder / "cifar-10-batches-py"
    place.mkdir()
    for name in [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]:
        rows = pictures(12, 32, 32, 3).reshape(12, -1)
        batch = {b"data": rows, b"labels": (np.arange(12) % 10).tolist(), b"filenames": []}
        (place / name).write_bytes(pickle.dumps(batch, protocol=2))
    return "cifar10"


def write_folder(folder):
    for split in ("train", "test"):
        (folder / split).mkdir()
        for i, image in enumerate(pictures(8, 16, 16, 3)):
            Image.fromarray(image).save(folder / split / f"{i}.png")
    return "image_folder"


WRITERS = [write_npz, write_mnist, write_svhn, write_cifar, write_folder]


def damage(content, generator):
    """Cuts, zeroes or changes a random part of a file."""
    size = len(content)
    kind, place = generator.integers(3), int(generator.integers(size))
    if kind == 0:
        return content[:place]
    end = min(size, place + int(generator.integers(1, 400)))
    part = b"\0" * (end - place) if kind == 1 else generator.bytes(end - place)
    return content[:place] + part + content[end:]


def load_or_refuse(fields):
    """The data, or the line with which it is refused."""
    try:
        return load(fields), ""
    except UserError as error:
        return None, str(error)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_refused_or_read_and_nothing_else(tmp_path, write):
    name = write(tmp_path)
    fields = settings(name, dir=str(tmp_path), cache=False)
    whole = load(fields)
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    generator = np.random.default_rng(7)
    refused = 0
    for _ in range(DAMAGES):
        file = files[generator.integers(len(files))]
        content = file.read_bytes()
        file.write_bytes(damage(content, generator))
        dataset, line = load_or_refuse(fields)
        file.write_bytes(content)
        if dataset is None:
            refused += 1
            assert "\n" not in line
            assert str(tmp_path) in line
        else:
            assert dataset.example_shape == whole.example_shape
            assert np.isfinite(dataset.train.x()).all()
    print(f"{name}: {refused} of {DAMAGES} damages refused")
    assert refused >= DAMAGES // 4
    assert len(load(fields).train) == len(whole.train)

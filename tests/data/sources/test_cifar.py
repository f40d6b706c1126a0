import pickle

import numpy as np
import pytest

from aae_jax.data import load
from tests.data.helpers import pictures, refusal, settings

NAMES = [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]
EACH = 12


def batches():
    for seed, name in enumerate(NAMES):
        images = pictures(EACH, 32, 32, 3, seed=seed)
        yield name, images, (np.arange(EACH) + seed) % 10


def write_python(folder):
    folder.mkdir()
    for name, images, label in batches():
        planes = images.transpose(0, 3, 1, 2).reshape(EACH, -1)
        batch = {b"data": planes, b"labels": label.tolist(), b"batch_label": b"", b"filenames": []}
        (folder / name).write_bytes(pickle.dumps(batch, protocol=2))


def write_python3(folder):
    write_python(folder)
    for name in NAMES:
        batch = pickle.loads((folder / name).read_bytes())
        text_keys = {key.decode(): value for key, value in batch.items()}
        (folder / name).write_bytes(pickle.dumps(text_keys, protocol=4))


def write_binary(folder):
    folder.mkdir()
    for name, images, label in batches():
        planes = images.transpose(0, 3, 1, 2).reshape(EACH, -1)
        rows = np.concatenate([label[:, None].astype(np.uint8), planes], axis=1)
        (folder / f"{name}.bin").write_bytes(rows.tobytes())


KINDS = {
    "cifar-10-batches-py": (write_python, "data_batch_3"),
    "cifar-10-batches-bin": (write_binary, "data_batch_3.bin"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("inside", [True, False])
def test_reads_the_batches(tmp_path, kind, inside):
    KINDS[kind][0](tmp_path / kind)
    data = load(settings("cifar10", dir=str(tmp_path / kind if inside else tmp_path)))
    images = [images for _, images, _ in batches()]
    label = [label for _, _, label in batches()]
    np.testing.assert_array_equal(data.train.data, np.concatenate(images[:5]))
    np.testing.assert_array_equal(data.train.label, np.concatenate(label[:5]))
    np.testing.assert_array_equal(data.test.data, images[5])
    np.testing.assert_array_equal(data.test.label, label[5])
    assert (data.class_names[0], data.class_names[9]) == ("airplane", "truck")


def test_reads_batches_with_text_keys(tmp_path):
    write_python3(tmp_path / "batches")
    assert len(load(settings("cifar10", dir=str(tmp_path / "batches"))).train) == 5 * EACH


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("damage", ["gone", "cut", "empty"])
def test_missing_and_damaged_batches_are_named(tmp_path, kind, damage):
    write, name = KINDS[kind]
    write(tmp_path / kind)
    path = tmp_path / kind / name
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: {"cut": 20_000, "empty": 0}[damage]])
    assert str(path) in refusal("cifar10", dir=str(tmp_path))


class Trap:
    def __reduce__(self):
        return exec, ("raise SystemExit('the file ran code')",)


def test_a_batch_cannot_run_code(tmp_path):
    folder = tmp_path / "cifar-10-batches-py"
    write_python(folder)
    (folder / "data_batch_1").write_bytes(pickle.dumps({b"data": Trap()}, protocol=2))
    assert "exec, which no CIFAR-10 batch needs" in refusal("cifar10", dir=str(tmp_path))

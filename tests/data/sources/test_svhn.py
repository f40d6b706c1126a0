import numpy as np
import pytest
from scipy.io import savemat

from aae_jax.data import load
from tests.data.helpers import pictures, refusal, settings

SIZES = {"train": 30, "test": 20, "extra": 40}


def write(folder, splits=("train", "test"), first=1):
    written = {}
    for seed, split in enumerate(splits):
        images = pictures(SIZES[split], 32, 32, 3, seed=seed)
        label = (first + np.arange(SIZES[split]) % 10).astype(np.uint8)  # 1..10 as published
        content = {"X": images.transpose(1, 2, 3, 0), "y": label[:, None]}
        savemat(folder / f"{split}_32x32.mat", content, do_compression=True)
        written[split] = images, label
    return written


def test_reads_the_files_and_ten_means_zero(tmp_path):
    written = write(tmp_path)
    data = load(settings("svhn_cropped", dir=str(tmp_path)))
    np.testing.assert_array_equal(data.train.data, written["train"][0])
    assert data.train.label[:11].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    np.testing.assert_array_equal(data.test.data, written["test"][0])
    assert data.num_classes == 10
    assert "published one has 73,257" in data.note


def test_union_with_extra(tmp_path):
    written = write(tmp_path, SIZES)
    data = load(settings("svhn_cropped", dir=str(tmp_path), train_split="train+extra[10:]"))
    expected = np.concatenate([written["train"][0], written["extra"][0][10:]])
    np.testing.assert_array_equal(data.train.data, expected)


def test_missing_and_damaged_files_are_named(tmp_path):
    write(tmp_path, ["test"])
    assert "no split 'train', only 'test' (20)" in refusal("svhn_cropped", dir=str(tmp_path))
    path = tmp_path / "test_32x32.mat"
    whole = path.read_bytes()
    for content in (whole[:3000], b"", b"text" * 100):
        path.write_bytes(content)
        assert str(path) in refusal("svhn_cropped", dir=str(tmp_path), train_split="test")


def test_other_content_is_refused(tmp_path):
    savemat(tmp_path / "train_32x32.mat", {"images": np.zeros((3, 3))})
    assert "not X (32, 32, 3, N)" in refusal("svhn_cropped", dir=str(tmp_path))


@pytest.mark.parametrize("first", [0, 2])
def test_labels_outside_one_to_ten_are_refused(tmp_path, first):
    write(tmp_path, first=first)
    assert "labels outside 1..10" in refusal("svhn_cropped", dir=str(tmp_path))

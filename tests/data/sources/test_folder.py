import numpy as np
import pytest
from PIL import Image

from aae_jax.data import load
from tests.data.helpers import pictures, refusal, settings


def write(folder, images, suffix=".png"):
    folder.mkdir(parents=True, exist_ok=True)
    for i, image in enumerate(images):
        Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(
            folder / f"{i:03}{suffix}"
        )


def constant(value, n, size=8):
    return np.full((n, size, size, 1), value, np.uint8)


def test_splits_and_classes(tmp_path):
    for split, n in (("train", 6), ("test", 3)):
        for value, name in ((10, "cat"), (20, "dog")):
            write(tmp_path / split / name, constant(value, n))
    data = load(settings("image_folder", dir=str(tmp_path)))
    assert (len(data.train), len(data.test), data.num_classes) == (12, 6, 2)
    assert data.train.data.shape[1:] == (8, 8, 1)
    # Classes are numbered by name: cat 0, dog 1.
    np.testing.assert_array_equal(data.train.data[:, 0, 0, 0], 10 * (data.train.label + 1))
    assert "lossy" not in data.note


def test_classes_without_splits_are_shuffled_so_slices_hold_all(tmp_path):
    for value in range(4):
        write(tmp_path / f"class{value}", constant(value, 20))
    fields = {"dir": str(tmp_path), "train_split": "train[:75%]", "test_split": "train[75%:]"}
    data = load(settings("image_folder", **fields))
    assert (len(data.train), len(data.test)) == (60, 20)
    assert len(np.unique(data.test.label)) == 4
    np.testing.assert_array_equal(data.train.data[:, 0, 0, 0], data.train.label)


def test_unlabelled_images_of_differing_sizes(tmp_path):
    write(tmp_path / "train", pictures(3, 9, 5, 3), ".jpg")
    write(tmp_path / "train", pictures(2, 4, 4, 1), ".jpeg")
    write(tmp_path / "test", pictures(2, 6, 6, 3), ".JPG")
    where = {"dir": str(tmp_path)}
    assert "mixes grey and colour" in refusal("image_folder", image_size=9, resize="pad", **where)
    assert "different sizes" in refusal("image_folder", channels=3, **where)
    data = load(settings("image_folder", image_size=9, resize="pad", channels=3, **where))
    assert data.train.data.shape == (5, 9, 9, 3)
    assert (data.num_classes, data.train.label) == (0, None)
    assert "lossy" in data.note
    assert "has no labels" in refusal(
        "image_folder", image_size=9, resize="pad", channels=3, labelled=2, **where
    )


def test_a_class_added_in_another_split_renumbers_cached_labels(tmp_path):
    write(tmp_path / "train" / "dog", constant(1, 3))
    write(tmp_path / "test" / "dog", constant(1, 3))
    assert load(settings("image_folder", dir=str(tmp_path))).train.label.tolist() == [0, 0, 0]
    write(tmp_path / "test" / "cat", constant(1, 3))
    assert load(settings("image_folder", dir=str(tmp_path))).train.label.tolist() == [1, 1, 1]


def test_undecodable_image_is_named(tmp_path):
    write(tmp_path / "train" / "a", pictures(3, 32, 32, 3))
    write(tmp_path / "test" / "a", pictures(3, 32, 32, 3))
    bad = tmp_path / "train" / "a" / "001.png"
    for content in (b"", b"text", bad.read_bytes()[:900]):
        bad.write_bytes(content)
        assert f"{bad}: damaged or not an image" in refusal("image_folder", dir=str(tmp_path))


def test_folders_without_a_sensible_form_are_refused(tmp_path):
    assert "has no .png or .jpg" in refusal("image_folder", dir=str(tmp_path))
    assert "needs a folder" in refusal("image_folder")
    assert "needs a folder" in refusal("image_folder", dir=str(tmp_path / "absent"))
    write(tmp_path / "a", pictures(2))
    assert "no split 'test', only 'train' (2)" in refusal("image_folder", dir=str(tmp_path))
    write(tmp_path, pictures(1))
    assert "outside the class folders" in refusal("image_folder", dir=str(tmp_path))


@pytest.mark.parametrize("resize", ["none", "pad"])
def test_split_sizes_must_agree(tmp_path, resize):
    write(tmp_path / "train" / "a", constant(0, 2, size=8))
    write(tmp_path / "test" / "a", constant(0, 2, size=9))
    assert "set data.image_size" in refusal("image_folder", dir=str(tmp_path), resize=resize)

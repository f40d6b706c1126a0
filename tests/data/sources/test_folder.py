import numpy as np
import pytest
from PIL import Image

from aae_jax.data import load
from aae_jax.data.sources import folder
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
    assert data.class_names == data.label_names == ("cat", "dog")


def test_numbers_are_no_names_unless_they_are_other_numbers(tmp_path):
    for count, expected in ((3, ()), (11, ("0", "1", "10", *"23456789"))):
        for k in range(count):
            write(tmp_path / str(k), constant(k, 3))
        assert load(settings("image_folder", dir=str(tmp_path))).class_names == expected


def test_a_class_without_training_examples_is_said(tmp_path, caplog):
    write(tmp_path / "train" / "cat", constant(0, 3))
    for name in ("cat", "dog"):
        write(tmp_path / "test" / name, constant(0, 3))
    load(settings("image_folder", dir=str(tmp_path)))
    assert "No training example has the label dog, of 2 classes." in caplog.text


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
    assert "has no images (.png, " in refusal("image_folder", dir=str(tmp_path))
    assert "needs a folder" in refusal("image_folder")
    assert "needs a folder" in refusal("image_folder", dir=str(tmp_path / "absent"))
    write(tmp_path / "a", pictures(2))
    where = {"dir": str(tmp_path), "train_split": "train[:1]"}
    assert "no split 'test', only 'train' (2)" in refusal("image_folder", **where)
    write(tmp_path, pictures(1))
    assert "outside the class folders" in refusal("image_folder", dir=str(tmp_path))


@pytest.mark.parametrize("resize", ["none", "pad"])
def test_split_sizes_must_agree(tmp_path, resize):
    write(tmp_path / "train" / "a", constant(0, 2, size=8))
    write(tmp_path / "test" / "a", constant(0, 2, size=9))
    assert "set data.image_size" in refusal("image_folder", dir=str(tmp_path), resize=resize)


def test_without_splits_a_tenth_is_held_out_for_tests(tmp_path):
    for value in range(2):
        write(tmp_path / f"class{value}", [constant(10 * value + i, 1)[0] for i in range(10)])
    fields = {"dir": str(tmp_path), "validation_size": 3}
    data = load(settings("image_folder", **fields))
    parts = [part.data[:, 0, 0, 0].tolist() for part in (data.train, data.validation, data.test)]
    assert [len(part) for part in parts] == [15, 3, 2]
    assert sorted(parts[0] + parts[1] + parts[2]) == list(range(20))
    np.testing.assert_array_equal(data.test.data[:, 0, 0, 0] // 10, data.test.label)
    assert "trained on 'train' less 2 and 3 held out (15 " in data.note
    assert "tested on 2 of 'train', held out at random" in data.note
    assert "share" not in data.note
    other = load(settings("image_folder", split_seed=1, **fields))
    assert other.test.data[:, 0, 0, 0].tolist() != parts[2]


def test_without_a_test_split_a_tenth_of_train_is_held_out_whatever_else_there_is(tmp_path):
    write(tmp_path / "train", [constant(i, 1)[0] for i in range(20)])
    write(tmp_path / "val", [constant(100 + i, 1)[0] for i in range(3)])
    data = load(settings("image_folder", dir=str(tmp_path), validation_split="val"))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [18, 3, 2]
    assert data.test.data.max() < 20 <= data.validation.data.min()


def test_images_outside_of_the_splits_are_counted_however_deep(tmp_path, caplog):
    write(tmp_path / "train", pictures(20))
    write(tmp_path / "other" / "b", pictures(3))
    load(settings("image_folder", dir=str(tmp_path)))
    assert "3 images in" in caplog.text
    assert "lie outside of its splits" in caplog.text


def test_a_single_image_cannot_be_cut(tmp_path):
    write(tmp_path, pictures(1))
    assert "a single example" in refusal("image_folder", dir=str(tmp_path))


def test_splits_of_other_names(tmp_path):
    for name in ("Training", "TEST", "val"):
        write(tmp_path / name, pictures(3))
    data = load(settings("image_folder", dir=str(tmp_path), validation_split="val"))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [3, 3, 3]
    write(tmp_path / "train", pictures(3))
    assert "Training and " in refusal("image_folder", dir=str(tmp_path))


def test_what_is_no_image_is_passed_over_and_said(tmp_path, caplog):
    write(tmp_path / "train" / "cat", pictures(3))
    write(tmp_path / "test" / "cat", pictures(2))
    for place in (".ipynb_checkpoints", "__MACOSX", "cat/.thumbnails"):
        write(tmp_path / "train" / place, pictures(1))
    (tmp_path / "train" / "cat" / "._000.png").write_bytes(b"not an image")
    (tmp_path / "train" / "cat" / "photo.heic").write_bytes(b"not read")
    write(tmp_path, pictures(1))
    write(tmp_path / "more", pictures(1))
    data = load(settings("image_folder", dir=str(tmp_path)))
    assert (len(data.train), len(data.test), data.num_classes) == (3, 2, 1)
    assert "1 files in" in caplog.text
    assert "photo.heic" in caplog.text
    assert "2 images in" in caplog.text


def test_images_too_deep_are_refused(tmp_path):
    write(tmp_path / "shop" / "shoes", pictures(1))
    write(tmp_path / "shop" / "shoes" / "red", pictures(1))
    assert "red/000.png lies too deep" in refusal("image_folder", dir=str(tmp_path / "shop"))


def test_photographs_of_all_kinds(tmp_path):
    """Other formats, turned by EXIF, palettes and transparency, of any shape."""
    left = np.zeros((4, 8, 3), np.uint8)
    left[:, :4] = 255
    tag = Image.Exif()
    tag[0x0112] = 6  # to be turned by 90 degrees, clockwise
    tmp_path.mkdir(exist_ok=True)
    Image.fromarray(left).save(tmp_path / "turned.webp", exif=tag, lossless=True)
    Image.fromarray(left).quantize(2).save(tmp_path / "palette.png")
    clear = np.zeros((6, 6, 4), np.uint8)
    clear[:3] = (200, 100, 0, 255)
    Image.fromarray(clear).save(tmp_path / "clear.png")
    Image.fromarray(np.full((5, 5), 7, np.uint8)).save(tmp_path / "grey.bmp")
    fields = {"image_size": 4, "resize": "crop", "channels": 3, "test_split": "train"}
    data = load(settings("image_folder", dir=str(tmp_path), **fields))
    assert data.train.data.shape == (4, 4, 4, 3)
    paths = folder.open_source(settings("image_folder", dir=str(tmp_path))).files
    by_name = {path.name: image for path, image in zip(paths, data.train.data, strict=True)}
    halves = by_name["turned.webp"], by_name["palette.png"].swapaxes(0, 1)
    for image in halves:
        assert (image[:2] == 255).all()
        assert (image[2:] == 0).all()
    assert by_name["clear.png"][0, 0].tolist() == [200, 100, 0]
    assert (by_name["clear.png"][-1] == 255).all()
    assert (by_name["grey.bmp"] == 7).all()


def test_cached_images_are_of_the_size_that_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("AAE_JAX_CACHE", str(tmp_path / "cache"))
    images = tmp_path / "images"
    for split in ("train", "test"):
        write(images / split / "a", constant(1, 3))
    for size in (8, 4, 6):
        fields = {"dir": str(images), "image_size": size, "resize": "bilinear", "cache": True}
        assert load(settings("image_folder", **fields)).example_shape == (size, size, 1)

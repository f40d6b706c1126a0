import numpy as np
import pytest
from PIL import Image

from aae_jax.data import load
from tests.data.helpers import pictures, refusal, settings


def write(folder, name, captions="a picture", value=0, suffix=".png"):
    """An image of one value, and its captions."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((6, 6, 3), value, np.uint8)).save(folder / f"{name}{suffix}")
    if captions is not None:
        (folder / f"{name}.txt").write_text(captions, encoding="utf-8")


def folder(tmp_path, **fields):
    return settings("captioned_folder", dir=str(tmp_path), **fields)


def flowers(tmp_path, classes=(1, 2, 3), each=4):
    """The flowers' layout: an image's value is its number."""
    (tmp_path / "jpg").mkdir()
    number = 0
    for k in classes:
        texts = tmp_path / "text_c10" / f"class_{k:05}"
        texts.mkdir(parents=True)
        for _ in range(each):
            number += 1
            image = Image.fromarray(np.full((6, 6, 3), 10 * number, np.uint8))
            image.save(tmp_path / "jpg" / f"image_{number:05}.jpg")
            lines = [f"flower {number} of class {k}, line {line}" for line in range(10)]
            (texts / f"image_{number:05}.txt").write_text("\n".join(lines) + "\n")


def test_images_with_texts_beside_them(tmp_path):
    for split, n in (("train", 5), ("test", 2)):
        for i in range(n):
            write(tmp_path / split, f"a{i}", f"picture {i}\n\n  Number  {i} \n", value=10 * i)
    data = load(folder(tmp_path))
    assert (len(data.train), len(data.test), data.num_classes) == (5, 2, 0)
    assert data.train.label is None
    for i in range(5):
        value = data.train.data[i, 0, 0, 0] // 10
        assert data.train.captions.of(i) == (f"picture {value}", f"Number {value}")
    assert "lossy" not in data.note


def test_without_splits_a_tenth_is_held_out_for_tests(tmp_path):
    for i in range(20):
        write(tmp_path, f"{i:02}", f"picture {i}", value=10 * i)
    data = load(folder(tmp_path))
    assert (len(data.train), len(data.test)) == (18, 2)
    for part in (data.train, data.test):
        for i, image in enumerate(part.data):
            assert part.captions.of(i) == (f"picture {image[0, 0, 0] // 10}",)


def test_the_flowers_without_listed_classes(tmp_path):
    flowers(tmp_path)
    data = load(folder(tmp_path, train_split="train[:9]", test_split="train[9:]"))
    assert (len(data.train), len(data.test), data.num_classes) == (9, 3, 3)
    assert len(np.unique(data.train.label)) == 3  # in a shuffled order
    for i in range(9):
        captions = data.train.captions.of(i)
        assert len(captions) == 10
        assert f"class {data.train.label[i] + 1}," in captions[0]
        number = round(data.train.data[i].mean() / 10)
        assert captions[0].startswith(f"flower {number} ")
    assert "stored as JPEG" in data.note


def test_the_flowers_with_listed_classes(tmp_path):
    flowers(tmp_path)
    for name, k in (("train", (1, 3)), ("test", (2,))):
        (tmp_path / f"{name}classes.txt").write_text("".join(f"class_{i:05}\n" for i in k))
    data = load(folder(tmp_path))
    assert (len(data.train), len(data.test), data.num_classes) == (8, 4, 3)
    assert set(data.train.label) == {0, 2}
    assert set(data.test.label) == {1}


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ({"train": "class_00009"}, "names the class class_00009, which"),
        ({"train": "class_00001"}, "add the other of trainclasses.txt and testclasses.txt"),
    ],
)
def test_wrong_lists_of_classes_are_refused(tmp_path, listed, message):
    flowers(tmp_path)
    for name, text in listed.items():
        (tmp_path / f"{name}classes.txt").write_text(text)
    assert message in refusal("captioned_folder", dir=str(tmp_path))


@pytest.mark.parametrize("text", ["", "\n \n", "?!\n..."])
def test_a_text_without_captions_is_named(tmp_path, text):
    write(tmp_path / "train", "a")
    write(tmp_path / "test", "b", text)
    message = refusal("captioned_folder", dir=str(tmp_path))
    assert f"{tmp_path / 'test' / 'b.txt'} has no captions: write what b.png shows" in message


def test_an_image_without_its_text_is_named(tmp_path):
    write(tmp_path, "a")
    write(tmp_path, "b", captions=None)
    message = refusal("captioned_folder", dir=str(tmp_path))
    assert f"{tmp_path / 'b.png'} has no captions: write b.txt beside it" in message


def test_a_flower_without_its_text_is_named(tmp_path):
    flowers(tmp_path)
    (tmp_path / "text_c10" / "class_00002" / "image_00006.txt").unlink()
    message = refusal("captioned_folder", dir=str(tmp_path))
    assert "image_00006.jpg has no captions" in message
    assert "has no image_00006.txt" in message


def test_a_text_in_another_encoding_is_named(tmp_path):
    write(tmp_path, "a")
    (tmp_path / "a.txt").write_bytes("grün".encode("latin-1"))
    assert f"{tmp_path / 'a.txt'} is not UTF-8 text" in refusal(
        "captioned_folder", dir=str(tmp_path)
    )
    (tmp_path / "a.txt").write_bytes("grün".encode("utf-8-sig"))
    write(tmp_path, "b", "blau")
    data = load(folder(tmp_path))
    assert {*data.train.captions.texts, *data.test.captions.texts} == {"grün", "blau"}


def test_a_damaged_image_is_named(tmp_path):
    for i in range(3):
        write(tmp_path / "train", f"{i}")
        write(tmp_path / "test", f"{i}")
    bad = tmp_path / "train" / "1.png"
    Image.fromarray(pictures(1, 32, 32, 3)[0]).save(bad)
    for content in (b"", b"text", bad.read_bytes()[:900]):
        bad.write_bytes(content)
        assert f"{bad}: damaged or not an image" in refusal("captioned_folder", dir=str(tmp_path))


def test_folders_without_a_sensible_form_are_refused(tmp_path):
    assert "needs a folder" in refusal("captioned_folder")
    assert "needs a folder" in refusal("captioned_folder", dir=str(tmp_path / "absent"))
    assert "has no images: put NAME.jpg" in refusal("captioned_folder", dir=str(tmp_path))
    write(tmp_path / "train", "a")
    assert "has the folders train: make train/ and test/" in refusal(
        "captioned_folder", dir=str(tmp_path)
    )


def test_images_of_differing_sizes_are_fitted(tmp_path):
    write(tmp_path, "a")
    Image.fromarray(pictures(1, 9, 5, 3)[0]).save(tmp_path / "b.jpg")
    (tmp_path / "b.txt").write_text("wide")
    data = load(folder(tmp_path, image_size=4, resize="crop"))
    assert data.example_shape == (4, 4, 3)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"vocabulary": 2}, "data.vocabulary=2 leaves no words"),
        ({"caption_length": -1}, "data.caption_length is -1: it must be at least 0"),
    ],
)
def test_impossible_fields(tmp_path, fields, message):
    assert message in refusal("captioned_folder", dir=str(tmp_path), **fields)


def test_flowers_moved_to_another_class_are_not_taken_from_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("AAE_JAX_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "flowers"
    root.mkdir()
    flowers(root, classes=(1, 2), each=4)
    fields = {"train_split": "train[:6]", "test_split": "train[6:]"}
    before = load(folder(root, cache=True, **fields))
    moved = root / "text_c10" / "class_00001" / "image_00001.txt"
    moved.rename(root / "text_c10" / "class_00002" / "image_00001.txt")
    after = load(folder(root, cache=True, **fields))
    ones = [
        np.sum([np.sum(part.label == 0) for part in (d.train, d.test)]) for d in (before, after)
    ]
    assert ones == [4, 3]


def test_flowers_of_other_listed_classes_are_not_taken_from_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("AAE_JAX_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "flowers"
    root.mkdir()
    flowers(root, classes=(1, 2, 3), each=4)

    def loaded(train, test):
        for name, classes in (("train", train), ("test", test)):
            lines = "".join(f"class_{k:05}\n" for k in classes)
            (root / f"{name}classes.txt").write_text(lines)
        return load(folder(root, cache=True, train_split="train[:4]", test_split="test[:4]"))

    loaded((1, 2), (3,))
    after = loaded((1,), (2, 3))
    np.testing.assert_array_equal(after.test.label, np.full(4, 1))
    captions = [after.test.captions.of(i)[0] for i in range(4)]
    assert all("class 2" in caption for caption in captions)


def test_hidden_files_are_no_images(tmp_path):
    for i in range(10):
        write(tmp_path, f"a{i}")
    (tmp_path / "._a0.png").write_bytes(b"what a file manager left")
    assert len(load(folder(tmp_path)).train) == 9

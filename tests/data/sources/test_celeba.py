"""CelebA, on a few pictures of the faces' size."""

import numpy as np
import pytest
from PIL import Image

from aae_jax.data import load
from tests.data.helpers import refusal, settings
from tests.data.sources import test_tfds

LINES = {"000001.jpg": 2, "000002.jpg": 0, "000003.jpg": 1, "000004.jpg": 0, "000005.jpg": 2}


def face(number):
    """A smooth picture, so that JPEG keeps it: a shade for each number, brighter to the right."""
    picture = np.full((218, 178, 3), 20 * number, np.uint8)
    picture[..., 0] += np.arange(178, dtype=np.uint8)[None]
    return picture


def write(folder, names=tuple(LINES), partition=LINES, shape=None):
    faces = folder / "img_align_celeba"
    faces.mkdir()
    for number, name in enumerate(names):
        picture = face(number) if shape is None else np.zeros(shape, np.uint8)
        Image.fromarray(picture).save(faces / name, quality=95)
    if partition:
        lines = [f"{name} {part}\n" for name, part in partition.items()]
        (folder / "list_eval_partition.txt").write_text("".join(lines))


def shades(split):
    """The numbers of the faces, from the shade of their green."""
    return np.round(split.data[..., 1].mean(axis=(1, 2)) / 20).astype(int).tolist()


@pytest.mark.parametrize("place", ["", "img_align_celeba"])
def test_the_partition_file_says_the_parts(tmp_path, place):
    write(tmp_path)
    fields = {"validation_split": "validation", "dir": str(tmp_path / place)}
    data = load(settings("celeb_a", **fields))
    assert (shades(data.train), shades(data.validation), shades(data.test)) == ([1, 3], [2], [0, 4])
    assert (data.num_classes, data.train.label) == (0, None)
    assert "lossy" in data.note
    assert "the middle 108x108 pixels of each" in data.note
    assert "'train' has 2 images where the published one has 162,770" in data.note


def test_the_partition_file_may_lie_beside_the_faces(tmp_path):
    write(tmp_path)
    moved = tmp_path / "img_align_celeba" / "list_eval_partition.txt"
    (tmp_path / "list_eval_partition.txt").rename(moved)
    assert shades(load(settings("celeb_a", dir=str(tmp_path))).train) == [1, 3]


def test_without_it_the_published_numbers_do(tmp_path):
    ends = ["000001", "162770", "162771", "182637", "182638", "202599"]
    write(tmp_path, [f"{end}.jpg" for end in ends], partition=None)
    data = load(settings("celeb_a", dir=str(tmp_path), validation_split="validation"))
    parts = [shades(getattr(data, part)) for part in ("train", "validation", "test")]
    assert parts == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize("name", ["202600", "000000", "anna"])
def test_without_it_other_names_are_refused(tmp_path, name):
    write(tmp_path, ["000001.jpg", f"{name}.jpg"], partition=None)
    message = refusal("celeb_a", dir=str(tmp_path))
    assert f"{name}.jpg is not named by its number" in message
    assert "put that file beside img_align_celeba" in message


def test_the_middle_is_cut_out(tmp_path):
    write(tmp_path)
    data = load(settings("celeb_a", dir=str(tmp_path)))
    assert data.example_shape == (108, 108, 3)
    # 35 columns are cut from the left; up to JPEG's rounding.
    red = data.train.data[0, :, :, 0].astype(int)
    expected = np.broadcast_to(20 + 35 + np.arange(108)[None], (108, 108))
    assert np.abs(red - expected).max() <= 4


@pytest.mark.parametrize("size", [48, 64])
def test_sizes_of_the_papers(tmp_path, size):
    write(tmp_path)
    assert "set data.resize" in refusal("celeb_a", dir=str(tmp_path), image_size=size)
    fields = {"dir": str(tmp_path), "image_size": size, "resize": "bilinear"}
    data = load(settings("celeb_a", **fields))
    assert data.train.data.shape == (2, size, size, 3)
    red = data.train.data[0, size // 2, :, 0].astype(int)
    centres = 20 + 35 + (np.arange(size) + 0.5) * 108 / size - 0.5
    assert np.abs(red - centres)[1:-1].max() <= 4


def test_tfds_faces_are_cut_alike(tmp_path):
    splits = {"train": [3], "validation": [2], "test": [2]}
    options = {"name": "celeb_a", "version": "2.1.0", "kind": "jpeg", "shape": (218, 178, 3)}
    test_tfds.write(tmp_path, splits, **options)
    data = load(settings("celeb_a", dir=str(tmp_path), image_size=64, resize="bilinear"))
    assert data.train.data.shape == (3, 64, 64, 3)
    assert "TFDS celeb_a 2.1.0" in data.note
    assert "the middle 108x108 pixels of each" in data.note


def test_the_second_load_comes_from_the_cache(tmp_path, monkeypatch):
    write(tmp_path)
    first = load(settings("celeb_a", dir=str(tmp_path)))
    monkeypatch.setattr("aae_jax.data.images.decode", None)
    second = load(settings("celeb_a", dir=str(tmp_path)))
    np.testing.assert_array_equal(first.train.data, second.train.data)


@pytest.mark.parametrize("keep", [0, 500])
def test_a_damaged_face_is_named(tmp_path, keep):
    write(tmp_path)
    path = tmp_path / "img_align_celeba" / "000004.jpg"
    path.write_bytes(path.read_bytes()[:keep])
    assert f"{path}: damaged or not an image" in refusal("celeb_a", dir=str(tmp_path))


def test_faces_of_another_size_are_refused(tmp_path):
    write(tmp_path, shape=(178, 218, 3))
    message = refusal("celeb_a", dir=str(tmp_path))
    assert "image 0 of 'train' has shape (178, 218, 3), not (218, 178, 3)" in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("000001.jpg 2\n000002.jpg", "its lines are not all like '000001.jpg 0'"),
        ("000001.jpg train\n", "its lines are not all like"),
        ("000001.jpg 2\n", "does not say which part 000002.jpg belongs to"),
        ("".join(f"{name} 3\n" for name in LINES), "which part 000001.jpg belongs to (0, 1 or 2)"),
    ],
)
def test_a_damaged_partition_is_named(tmp_path, text, says):
    write(tmp_path)
    path = tmp_path / "list_eval_partition.txt"
    path.write_text(text)
    message = refusal("celeb_a", dir=str(tmp_path))
    assert str(path) in message
    assert says in message


def test_an_empty_folder_says_what_is_wanted(tmp_path):
    message = refusal("celeb_a", dir=str(tmp_path))
    assert "img_align_celeba/*.jpg (and list_eval_partition.txt)" in message

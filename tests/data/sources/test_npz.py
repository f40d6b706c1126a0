import numpy as np
import pytest

from aae_jax.data import load
from tests.data.helpers import pictures, refusal, settings

LABEL = np.arange(12) % 3


def save(folder, **arrays):
    np.savez(folder / "set.npz", **arrays)
    return str(folder)


def test_keras_style_keys(tmp_path):
    train, test = pictures(12, 6, 6, 3), pictures(12, 6, 6, 3, seed=1)
    save(
        tmp_path, x_train=train, y_train=LABEL[:, None], x_test=test, y_test=LABEL.astype(np.uint8)
    )
    for place in (tmp_path, tmp_path / "set.npz"):
        data = load(settings("npz", dir=str(place)))
        np.testing.assert_array_equal(data.train.data, train)
        np.testing.assert_array_equal(data.test.data, test)
        np.testing.assert_array_equal(data.train.label, LABEL)
        assert data.num_classes == 3


def test_images_and_labels_are_split_train(tmp_path):
    where = save(tmp_path, images=pictures(12, 6, 6)[..., 0], labels=LABEL)
    data = load(settings("npz", dir=where, train_split="train[:9]", test_split="train[9:]"))
    assert data.train.data.shape == (9, 6, 6, 1)
    assert data.test.label.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("convert", "name"),
    [
        (lambda u: (u / 255).astype(np.float32), "unit floats"),
        (lambda u: u / 255, "unit doubles"),
        (lambda u: u.astype(np.float64), "whole floats"),
        (lambda u: u.astype(np.int64), "wide integers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_values_that_are_pixels_become_pixels(tmp_path, convert, name):
    pixels = pictures(12, 6, 6)
    pixels[0, 0, 0], pixels[0, 0, 1] = 0, 255
    where = save(tmp_path, x_train=convert(pixels), x_test=convert(pixels))
    np.testing.assert_array_equal(load(settings("npz", dir=where)).train.data, pixels)


@pytest.mark.parametrize(
    ("lo", "hi", "says"),
    [
        (-1.0, 1.0, "from -1 to 1"),
        (0.0, 2.5, "from 0 to 2.5"),
        (0.0, 300.0, "from 0 to 300"),
        (0.0, np.nan, "NaN"),
        (0.0, np.inf, "infinite"),
    ],
)
def test_other_values_are_refused_with_the_range_found(tmp_path, lo, hi, says):
    x = np.full((4, 6, 6), lo, np.float32)
    x[1, 2, 3] = hi
    message = refusal("npz", dir=save(tmp_path, x_train=x, x_test=x))
    assert says in message
    if np.isfinite(hi):
        assert "allowed are [0, 1], or whole numbers in [0, 255]" in message


def test_range_is_judged_over_all_splits_together(tmp_path):
    dark = np.ones((4, 6, 6), np.float32)  # 1 of 255, not white
    bright = np.full((4, 6, 6), 200, np.float32)
    data = load(settings("npz", dir=save(tmp_path, x_train=dark, x_test=bright)))
    assert (data.train.data.max(), data.test.data.max()) == (1, 200)


def test_black_and_white(tmp_path):
    white = pictures(4, 6, 6) > 127
    data = load(settings("npz", dir=save(tmp_path, x_train=white, x_test=white)))
    np.testing.assert_array_equal(data.train.data, white * 255)
    # Taken as pixel values, these would be a black picture.
    ones = white.astype(np.uint8)
    message = refusal("npz", dir=save(tmp_path, x_train=ones, x_test=ones))
    assert "from 0 to 1 as integers" in message


def test_float_rows_are_points(tmp_path):
    points = np.random.default_rng(0).normal(size=(12, 5))
    where = save(tmp_path, x_train=points, x_test=points)
    data = load(settings("npz", dir=where))
    assert data.example_shape == (5,)
    np.testing.assert_array_equal(data.train.x(), points.astype(np.float32))
    points[3, 2] = np.nan
    assert "NaN" in refusal("npz", dir=save(tmp_path, x_train=points, x_test=points))


def test_labels_from_1_on_leave_a_class_empty_which_is_said(tmp_path, caplog):
    np.savez(tmp_path / "set.npz", images=pictures(20), labels=np.arange(20) % 2 + 1)
    assert load(settings("npz", dir=str(tmp_path))).num_classes == 3
    said = "No training example has the label 0, of 3 classes: they are numbered from 0 to the"
    assert said in caplog.text


def test_objects_are_not_unpickled(tmp_path):
    where = save(tmp_path, x_train=np.array([{"a": 1}, None], dtype=object))
    assert "cannot be read as .npz" in refusal("npz", dir=where)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"a": pictures(3)}, "has a; expected x_train"),
        ({"x_train": pictures(3).reshape(3, -1)}, "reshape them"),
        ({"x_train": pictures(0)}, "are empty or differ"),
        ({"x_train": pictures(3), "x_test": pictures(3, 5, 5)}, "are empty or differ"),
        ({"x_train": pictures(3), "images": pictures(3)}, "both x_train and images"),
        ({"x_train": pictures(3), "y_train": LABEL}, r"expected integers (3,)"),
        ({"x_train": pictures(3), "y_train": np.ones(3)}, r"expected integers (3,)"),
        ({"x_train": pictures(3), "y_train": np.array([0, -1, 2])}, "go down to -1"),
        ({"x_train": pictures(3), "y_train": np.array([0, 1, 2**40])}, "go up to 1099511627776"),
        (
            {"x_train": pictures(3), "y_train": LABEL[:3], "x_test": pictures(3)},
            "labels for 'train' but none for 'test'",
        ),
        ({"x_train": pictures(3).astype(str)}, "are not numbers"),
        ({"x_extra": pictures(3)}, "no split 'train'"),
    ],
)
def test_other_forms_are_refused(tmp_path, arrays, says):
    assert says in refusal("npz", dir=save(tmp_path, **arrays))


def test_missing_and_damaged_archives_are_named(tmp_path):
    assert "is no .npz file" in refusal("npz")
    assert "it has 0" in refusal("npz", dir=str(tmp_path))
    save(tmp_path, x_train=pictures(50))
    path = tmp_path / "set.npz"
    path.write_bytes(path.read_bytes()[:1000])
    assert f"{path} cannot be read as .npz" in refusal("npz", dir=str(tmp_path))


def test_without_splits_a_tenth_is_held_out_for_tests(tmp_path):
    images = np.arange(30, dtype=np.uint8)[:, None, None] + np.zeros((1, 4, 4), np.uint8)
    data = load(settings("npz", dir=save(tmp_path, images=images, labels=np.arange(30))))
    train, test = data.train.data[:, 0, 0, 0].tolist(), data.test.data[:, 0, 0, 0].tolist()
    assert (len(train), len(test)) == (27, 3)
    assert sorted(train + test) == list(range(30))
    assert (data.train.label.tolist(), data.test.label.tolist()) == (train, test)


def test_a_lone_array_is_told_from_an_archive(tmp_path):
    with (tmp_path / "data.npz").open("wb") as file:
        np.save(file, np.zeros((4, 8, 8), np.uint8))
    assert "it holds one array: name arrays by np.savez" in refusal("npz", dir=str(tmp_path))

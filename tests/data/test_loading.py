import subprocess
import sys

import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.data import load, to_float
from tests.data.helpers import refusal, settings


def rows(data):
    return {image.tobytes() for image in data}


def test_validation_part_is_taken_out_of_train():
    whole = load(settings("random", size=200))
    data = load(settings("random", size=200, validation_size=50, split_seed=1))
    assert whole.validation is None
    assert (len(data.train), len(data.validation)) == (150, 50)
    assert not rows(data.train.data) & rows(data.validation.data)
    assert rows(data.train.data) | rows(data.validation.data) == rows(whole.train.data)
    other = load(settings("random", size=200, validation_size=50, split_seed=2))
    assert rows(other.validation.data) != rows(data.validation.data)


def test_labels_follow_their_images():
    whole = load(settings("random", size=200))
    label = {x.tobytes(): y for x, y in zip(whole.train.data, whole.train.label, strict=True)}
    data = load(settings("random", size=200, validation_size=50))
    for split in (data.train, data.validation):
        assert [label[x.tobytes()] for x in split.data] == split.label.tolist()


def test_labelled_subset_and_class_frequencies():
    data = load(settings("digits", labelled=100))
    np.testing.assert_array_equal(np.bincount(data.train.label[data.labelled]), np.full(10, 10))
    np.testing.assert_array_equal(data.class_frequencies, np.full(10, 0.1, np.float32))
    data = load(settings("digits", labelled=101, labelled_balanced=False))
    counts = np.bincount(data.train.label[data.labelled], minlength=10)
    np.testing.assert_allclose(data.class_frequencies, counts / 101, rtol=1e-6)
    whole = load(settings("digits"))
    assert whole.labelled is None
    np.testing.assert_allclose(
        whole.class_frequencies, np.bincount(whole.train.label) / 1437, rtol=1e-6
    )


def test_balanced_subset_is_drawn_after_the_validation_part():
    data = load(settings("digits", labelled=100, validation_size=400))
    assert data.labelled.max() < len(data.train) == 1037


@pytest.mark.parametrize("xp", [np, jnp], ids=["numpy", "jax"])
def test_to_float(xp):
    pixels = xp.asarray([[0, 51, 255]], dtype=np.uint8)
    for value_range, expected in (((0.0, 1.0), [0, 0.2, 1]), ((-1.0, 1.0), [-1, -0.6, 1])):
        x = to_float(pixels, value_range)
        assert x.dtype == np.float32
        np.testing.assert_allclose(x, [expected], rtol=1e-6)
    points = xp.asarray([[3.5, -2.0]], dtype=np.float32)
    np.testing.assert_array_equal(to_float(points, (0.0, 1.0)), points)


def test_split_reads_by_index():
    data = load(settings("digits", value_range=(-1, 1))).train
    index = np.array([5, 3, 3])
    np.testing.assert_array_equal(data.x(index), data.x()[index])
    assert data.x().dtype == np.float32
    assert data.x().shape == (1437, 8, 8, 1)


def test_pictures_are_fitted_to_the_network():
    data = load(settings("digits", image_size=32, resize="bilinear", channels=3))
    assert data.example_shape == (32, 32, 3)
    assert "32x32x3 images, resized bilinearly" in data.note
    padded = load(settings("digits", image_size=12, resize="pad")).train.data
    np.testing.assert_array_equal(padded[:, 2:10, 2:10], load(settings("digits")).train.data)


def test_note_tells_the_protocol():
    fields = {"train_split": "train[:1000]", "validation_size": 100, "labelled": 50}
    note = load(settings("digits", test_split="train[900:]", **fields)).note
    for clause in (
        "scikit-learn's digits",
        "'train[:1000]' less 100 held out (900 8x8x1 images)",
        "'train[900:]' (537)",
        "50 labels (balanced)",
        "share 100 examples",
    ):
        assert clause in note


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"resize": "crop"}, "data.resize='crop'"),
        ({"channels": 2}, "data.channels=2"),
        ({"location": "gpu"}, "data.location='gpu'"),
        ({"value_range": (1.0, 0.0)}, "data.value_range=(1.0, 0.0)"),
        ({"value_range": (0.0, float("inf"))}, "data.value_range"),
        ({"validation_size": -1}, "data.validation_size=-1 is negative"),
        ({"validation_size": 1437}, "leaves nothing"),
        ({"labelled": 55}, "use a multiple of 10"),
        ({"labelled": 5000}, "exceeds the 1,437"),
        ({"image_size": 32}, "8x8 but data.image_size=32"),
        ({"train_split": "extra"}, "no split 'extra'"),
    ],
)
def test_bad_fields_are_refused(fields, says):
    assert says in refusal("digits", **fields)


def test_import_is_light():
    heavy = ("PIL", "scipy", "sklearn", "tensorflow_datasets", "tensorflow", "array_record")
    code = f"import sys, aae_jax.data; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

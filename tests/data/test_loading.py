import dataclasses
import subprocess
import sys
from unittest import mock

import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.data import load, to_float
from aae_jax.data.dataset import standardising_range
from aae_jax.data.sources.base import in_memory
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


def test_validation_part_of_its_own():
    fields = {"train_split": "train[:1000]", "validation_split": "train[1400:]+train[1000:1100]"}
    whole, data = load(settings("digits")), load(settings("digits", **fields))
    order = [*range(1400, 1437), *range(1000, 1100)]
    np.testing.assert_array_equal(data.validation.data, whole.train.data[order])
    np.testing.assert_array_equal(data.validation.label, whole.train.label[order])
    assert data.validation.name == "validation"
    np.testing.assert_array_equal(data.train.data, whole.train.data[:1000])
    assert "validated on 'train[1400:]+train[1000:1100]' (137)" in data.note
    shared = load(settings("digits", validation_split="test[:60]"))
    assert "validation and test parts share 60 examples" in shared.note


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"train_split": "train[:1000]", "validation_split": "train[900:]"},
            "data.validation_split='train[900:]' and data.train_split='train[:1000]' share 100",
        ),
        ({"validation_split": "train[:1]"}, "share 1 examples"),
        ({"validation_split": "test", "validation_size": 10}, "both name a validation part"),
        ({"validation_split": "valid"}, "data.validation_split='valid'"),
    ],
)
def test_bad_validation_parts_are_refused(fields, says):
    assert says in refusal("digits", **fields)


def test_standardised_pixels_have_mean_0_and_deviation_1():
    fields = {"train_split": "train[:1000]", "validation_size": 100, "standardise": True}
    data = load(settings("digits", **fields))
    x = data.train.x()
    assert x.dtype == np.float32
    pixels = data.train.data.astype(np.float64) / 255
    varying = pixels.std(axis=0) > 0
    assert 0 < varying.sum() < varying.size  # the corners of these digits are always empty
    np.testing.assert_allclose(x.mean(axis=0), np.zeros((8, 8, 1)), atol=1e-5)
    np.testing.assert_allclose(x.std(axis=0), varying, atol=1e-5)
    # The test images go through the same map, with the moments of the training part.
    expected = data.test.data / 255 - pixels.mean(axis=0)
    expected[:, varying] /= pixels.std(axis=0)[varying]
    np.testing.assert_allclose(data.test.x(), expected, atol=1e-4)
    for split in (data.train, data.validation, data.test):
        np.testing.assert_allclose(split.to_unit(split.x()), split.data / 255, atol=1e-6)
    np.testing.assert_array_equal(data.train.x(5), x[5])
    assert "each pixel less its mean" in data.note


def test_moments_of_many_images_are_exact():
    """Hand-made: 255 in every fourth of 5,000 images, and a pixel that never changes."""
    data = np.zeros((5000, 1, 2, 1), np.uint8)
    data[::4, 0, 0] = 255
    data[:, 0, 1] = 51
    lo, hi = standardising_range(data)
    assert (lo.dtype, lo.shape) == (np.float32, (1, 2, 1))
    std = np.sqrt(0.25 * 0.75)
    np.testing.assert_allclose(lo[0, :, 0], [-0.25 / std, -0.2], rtol=1e-6)
    np.testing.assert_allclose(hi[0, :, 0], [0.75 / std, 0.8], rtol=1e-6)


def test_impossible_standardisation_is_refused():
    assert "both say what pixels become" in refusal(
        "digits", standardise=True, value_range=(-1.0, 1.0)
    )
    assert "holds points: set it to False" in refusal("gaussian_ring", standardise=True)


def test_a_union_with_unlabelled_examples_is_unlabelled():
    part = np.zeros((2, 3, 3, 1), np.uint8)
    labelled = part, np.arange(2)
    for order in ((labelled, (part, None)), ((part, None), labelled)):
        splits = {"a": order[0], "b": order[1], "test": labelled}
        source = in_memory("here", splits, num_classes=2)
        with mock.patch("aae_jax.data.loading.open_source", return_value=source):
            data = load(settings("here", train_split="a+b"))
        assert (len(data.train), data.train.label) == (4, None)
        assert data.test.label.tolist() == [0, 1]


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
    other = load(settings("digits", labelled=100, split_seed=1))
    assert set(other.labelled) != set(data.labelled)
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
    lo, hi = np.float32([[0.0], [-1.0], [2.0]]), np.float32([[1.0], [1.0], [7.0]])
    x = to_float(pixels[..., None], (lo, hi))
    assert x.dtype == np.float32
    np.testing.assert_allclose(x, [[[0], [-0.6], [7]]], rtol=1e-6)
    points = xp.asarray([[3.5, -2.0]], dtype=np.float32)
    np.testing.assert_array_equal(to_float(points, (0.0, 1.0)), points)


@pytest.mark.parametrize("standardise", [False, True])
def test_to_unit_undoes_what_x_does(standardise):
    fields = {} if standardise else {"value_range": (-1.0, 1.0)}
    data = load(settings("digits", standardise=standardise, **fields)).train
    np.testing.assert_allclose(data.to_unit(data.x()), data.data / 255, atol=1e-6)
    lo, hi = data.value_range
    # What lies outside the range lies outside [0, 1] by as much.
    np.testing.assert_allclose(
        data.to_unit(np.broadcast_to(hi + 0.5 * (hi - lo), (8, 8, 1))),
        np.full((8, 8, 1), 1.5),
        1e-5,
    )


def test_label_at_an_index_or_none():
    data = load(settings("digits")).test
    np.testing.assert_array_equal(data.label_at([3, 1]), data.label[[3, 1]])
    assert dataclasses.replace(data, label=None).label_at([3, 1]) is None


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
        ({"resize": "stretch"}, "data.resize is 'stretch'"),
        ({"resize": "crop"}, "data.resize='crop' and data.image_size=0, which keeps images as the"),
        ({"channels": 2}, "data.channels is 2"),
        ({"location": "gpu"}, "data.location is 'gpu'"),
        ({"value_range": (1.0, 0.0)}, "data.value_range=(1.0, 0.0)"),
        ({"value_range": (0.0, float("inf"))}, "data.value_range"),
        ({"validation_size": -1}, "data.validation_size is -1: it must be"),
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

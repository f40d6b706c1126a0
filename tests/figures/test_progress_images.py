"""Pictures to watch a run by: which image is where."""

import numpy as np
import pytest

from aae_jax.figures import progress_images
from tests.fakes import FakeModel, digits, points


@pytest.fixture(scope="module")
def data():
    return digits(test=40, held_out=0)


def test_reconstructions_stand_under_their_originals(data):
    model = FakeModel(data)
    picture = progress_images(model, data, seed=0, count=16)["reconstructions"]
    images = data.test.x()[..., 0]
    size, gap = 8, 2
    wide = 3 * gap
    for column in range(8):
        left = column * (size + gap)
        original = picture[:size, left : left + size, 0]
        assert np.isclose(images, original).all(axis=(1, 2)).any()
        again = picture[size + gap : 2 * size + gap, left : left + size, 0]
        expected = np.clip(model.reconstruct(original[None, ..., None]), 0, 1)[0, ..., 0]
        np.testing.assert_allclose(again, expected, atol=1e-5)
    assert picture.shape == (4 * size + 3 * gap + wide, 8 * size + 7 * gap, 3)


def test_samples_are_the_same_places_at_every_step(data):
    model = FakeModel(data)
    first, second = (progress_images(model, data, 0, 12)["samples"] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.shape == (8, 8 * 8 + 7 * 2, 3)  # of 12 images the whole rows
    assert first.min() >= 0
    assert first.max() <= 1


@pytest.mark.parametrize(
    ("absent", "left"),
    [(("encode",), {"samples"}), (("prior",), {"reconstructions"}), (("decode",), set())],
)
def test_shows_what_the_model_has(data, absent, left):
    assert set(progress_images(FakeModel(data, absent=absent), data, 0, 8)) == left


def test_points_are_not_shown():
    data = points()
    assert progress_images(FakeModel(data, width=2, components=0), data, 0, 8) == {}

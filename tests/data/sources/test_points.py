import numpy as np
import pytest

from aae_jax.data import load
from aae_jax.data.sources import points
from tests.data.helpers import refusal, settings


def test_grid_modes():
    means, std = points.grid_modes()
    assert std == 0.05
    assert {tuple(mean) for mean in means.tolist()} == {
        (a, b) for a in (-4, -2, 0, 2, 4) for b in (-4, -2, 0, 2, 4)
    }


def test_ring_modes():
    means, _ = points.ring_modes()
    np.testing.assert_allclose(np.linalg.norm(means, axis=1), np.full(7, 2.0), rtol=1e-6)
    gaps = np.linalg.norm(means - np.roll(means, 1, axis=0), axis=1)
    np.testing.assert_allclose(gaps, np.full(7, 4 * np.sin(np.pi / 7)), rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "mixture", "modes"),
    [("gaussian_grid", points.grid_modes, 25), ("gaussian_ring", points.ring_modes, 7)],
)
def test_points_lie_around_the_mode_of_their_label(name, mixture, modes):
    data = load(settings(name))
    assert (len(data.train), len(data.test), data.num_classes) == (100_000, 10_000, modes)
    assert data.train.data.dtype == np.float32
    assert data.example_shape == (2,)
    means, std = mixture()
    np.testing.assert_array_equal(data.modes.means, means)
    assert data.modes.std == std
    noise = data.train.data - means[data.train.label]
    # Of 200,000 draws: the standard error of their std is std / 632.
    np.testing.assert_allclose(noise.std(), std, rtol=0.01)
    np.testing.assert_allclose(noise.mean(), 0, atol=5 * std / np.sqrt(noise.size))
    np.testing.assert_allclose(
        data.class_frequencies, np.full(modes, 1 / modes, np.float32), rtol=0.1
    )
    np.testing.assert_array_equal(data.train.x(slice(5)), data.train.data[:5])
    assert not np.array_equal(data.train.data[:10], data.test.data[:10])
    np.testing.assert_array_equal(load(settings(name)).train.data, data.train.data)


def test_size_is_the_number_of_train_points():
    data = load(settings("gaussian_ring", size=500))
    assert (len(data.train), len(data.test)) == (500, 50)


def test_four_points_are_four_unit_vectors_equally_often():
    data = load(settings("four_points"))
    assert (len(data.train), len(data.test), data.num_classes) == (10_000, 1_000, 4)
    np.testing.assert_array_equal(data.train.data[:4], np.eye(4))
    np.testing.assert_array_equal(data.modes.means, np.eye(4))
    assert data.modes.std == 0
    np.testing.assert_array_equal(data.train.data.argmax(1), data.train.label)
    np.testing.assert_array_equal(data.class_frequencies, np.full(4, 0.25))


def test_points_have_no_image_size():
    assert "holds points" in refusal("gaussian_grid", image_size=32)
    assert "holds points" in refusal("four_points", channels=1)


def test_random_images():
    data = load(settings("random", size=64, image_size=16, channels=3))
    assert data.train.data.shape == data.test.data.shape == (64, 16, 16, 3)
    assert data.train.data.dtype == np.uint8
    assert data.num_classes == 10
    assert data.modes is None
    assert load(settings("random")).train.data.shape == (1000, 28, 28, 1)


def test_random_images_have_labels_enough_for_a_labelled_subset():
    data = load(settings("random", size=32, validation_size=8, labelled=10))
    assert sorted(data.train.label[data.labelled]) == list(range(10))
    assert set(data.test.label) == set(range(10))

"""Turns and shifts of images, by hand-made cases."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.data.augment import random_turn_and_shift, rotate_and_shift
from tests.data.helpers import pictures


def changed(x, angle=0.0, shift=(0.0, 0.0)):
    n = len(x)
    return np.asarray(
        rotate_and_shift(jnp.asarray(x), jnp.full(n, angle), jnp.tile(jnp.array([shift]), (n, 1)))
    )


@pytest.fixture
def x():
    return pictures(3, 6, 6, 2).astype(np.float32) / 255


def test_nothing_asked_nothing_changed(x):
    np.testing.assert_array_equal(changed(x), x)
    oblong = pictures(2, 5, 8).astype(np.float32)
    np.testing.assert_array_equal(changed(oblong), oblong)


def test_whole_pixels_are_moved_and_edges_repeat(x):
    moved = changed(x, shift=(1.0, -2.0))
    np.testing.assert_array_equal(moved[:, 1:, :-2], x[:, :-1, 2:])
    np.testing.assert_array_equal(moved[:, 0, :-2], x[:, 0, 2:])
    np.testing.assert_array_equal(moved[:, 1:, -1], x[:, :-1, -1])


def test_half_a_pixel_is_the_mean_of_two(x):
    moved = changed(x, shift=(0.0, 0.5))
    np.testing.assert_allclose(moved[:, :, 1:], (x[:, :, 1:] + x[:, :, :-1]) / 2, atol=1e-6)


@pytest.mark.parametrize("quarters", [1, 2, -1])
def test_quarter_turns(x, quarters):
    turned = changed(x, angle=quarters * np.pi / 2)
    np.testing.assert_allclose(turned, np.rot90(x, quarters, axes=(1, 2)), atol=1e-5)


def test_the_turn_comes_before_the_shift(x):
    both = changed(x, angle=np.pi / 2, shift=(1.0, 0.0))
    turned = np.rot90(x, axes=(1, 2))
    np.testing.assert_allclose(both[:, 1:], turned[:, :-1], atol=1e-5)


def test_each_image_has_its_own_turn_and_shift(x):
    angle, shift = jnp.array([0.0, np.pi, 0.0]), jnp.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    mixed = np.asarray(rotate_and_shift(jnp.asarray(x), angle, shift))
    np.testing.assert_allclose(mixed[0], x[0], atol=1e-5)
    np.testing.assert_allclose(mixed[1], x[1, ::-1, ::-1], atol=1e-5)
    np.testing.assert_allclose(mixed[2, 1:], x[2, :-1], atol=1e-5)


def test_random_amounts_fill_their_ranges():
    """On a picture whose values are places, what changed can be read off."""
    n, size = 400, 41
    row, column = np.meshgrid(*2 * [np.arange(size, dtype=np.float32) - size // 2], indexing="ij")
    x = np.tile(np.stack([row, column], -1)[None], (n, 1, 1, 1))
    keys = jax.random.split(jax.random.key(0), n)
    y = np.asarray(random_turn_and_shift(jnp.asarray(x), keys, 30.0, 2.0))
    # In the middle of the image, the source of a pixel is R^-1 (pixel - shift).
    middle = y[:, size // 2, size // 2]
    to_right = y[:, size // 2, size // 2 + 1] - middle
    angle = np.rad2deg(np.arctan2(to_right[:, 0], to_right[:, 1]))
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    down = -(cos * middle[:, 0] - sin * middle[:, 1])
    right = -(cos * middle[:, 1] + sin * middle[:, 0])
    for amount, most in ((angle, 30), (down, 2), (right, 2)):
        assert np.abs(amount).max() <= most * 1.001
        # Uniform: the ends are met, and a fourth lies in each quarter.
        assert amount.min() < -0.97 * most
        assert amount.max() > 0.97 * most
        quarters = np.histogram(amount, 4, (-most, most))[0]
        assert np.abs(quarters - n / 4).max() < 4 * np.sqrt(n * 3 / 16)
    for one, other in ((angle, down), (angle, right), (down, right)):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(n)


def test_no_range_no_change(x):
    keys = jax.random.split(jax.random.key(0), 3)
    np.testing.assert_array_equal(random_turn_and_shift(jnp.asarray(x), keys, 0.0, 0.0), x)

"""Dropout: rate, scale, and masks that look independent and belong to examples."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import parallel
from aae_jax.networks.dropout import Dropout


def drop(x, rate, key):
    return Dropout(rate).apply({}, x, train=True, rngs={"dropout": key})


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.5])
def test_dropout_keeps_the_stated_share_and_the_mean(rate):
    y = drop(jnp.ones((64, 4001)), rate, jax.random.key(0))
    kept = np.asarray(y) != 0
    np.testing.assert_allclose(kept.mean(), 1 - rate, atol=0.003)
    np.testing.assert_allclose(y[kept], 1 / (1 - rate), rtol=1e-6)


def test_dropout_does_nothing_in_evaluation():
    x = jnp.ones((2, 3))
    np.testing.assert_array_equal(Dropout(0.5).apply({}, x, train=False), x)


def masks(key, examples=256, entries=512):
    return np.asarray(drop(jnp.ones((examples, entries)), 0.5, jax.random.key(key)) != 0)


def correlation(a, b):
    """Of two boolean masks of a million entries or so: noise has a standard deviation of 1/1000."""
    return np.corrcoef(a.ravel(), b.ravel())[0, 1]


def test_masks_look_independent_between_keys_examples_and_entries():
    many = np.stack([masks(key) for key in range(8)])
    for i, j in itertools.combinations(range(8), 2):
        assert abs(correlation(many[i], many[j])) < 0.015
    for shift in (1, 2, 3, 16, 27, 32, 64):
        assert abs(correlation(many[:, :-shift], many[:, shift:])) < 0.01
        assert abs(correlation(many[:, :, :-shift], many[:, :, shift:])) < 0.01


def test_sums_over_masks_have_the_binomial_spread():
    """Dependent entries would show as a wrong variance of the number kept."""
    many = np.concatenate([masks(key) for key in range(8)])
    for axis, n in ((1, 512), (0, 2048)):
        np.testing.assert_allclose(many.sum(axis=axis).var() / (n / 4), 1.0, atol=0.2)


def test_masks_do_not_depend_on_the_number_of_devices():
    x = jnp.ones((8, 6))
    whole = drop(x, 0.5, jax.random.key(1))
    parts = jax.vmap(lambda x: drop(x, 0.5, jax.random.key(1)), axis_name=parallel.DEVICE)
    np.testing.assert_array_equal(parts(x.reshape(4, 2, 6)).reshape(8, 6), whole)

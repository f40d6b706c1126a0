"""Priors: moments of the draws, densities by hand."""

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax import priors


def test_gaussian_draws_have_the_stated_moments():
    z = priors.Gaussian(3, std=5.0).sample(jax.random.split(jax.random.key(0), 20_000))
    assert z.shape == (20_000, 3)
    np.testing.assert_allclose(z.mean(axis=0), 0.0, atol=0.15)
    np.testing.assert_allclose(np.cov(z, rowvar=False), 25 * np.eye(3), atol=0.8)


def test_a_draw_belongs_to_its_key():
    keys = jax.random.split(jax.random.key(0), 4)
    prior = priors.Gaussian(2)
    np.testing.assert_array_equal(prior.sample(keys)[1:3], prior.sample(keys[1:3]))


def test_means_of_the_fixed_mixture():
    means = priors.mixture_means(30, 64, radius=4.0)
    np.testing.assert_allclose(np.linalg.norm(means, axis=1), 4.0, rtol=1e-6)
    cosine = means @ means.T / 16 - np.eye(30)
    assert np.abs(cosine).max() < 0.5
    np.testing.assert_array_equal(means, priors.mixture_means(30, 64, radius=4.0))


def test_log_prob_by_hand():
    z = jnp.array([[0.0, 0.0], [1.0, 2.0]])
    mean = jnp.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    logvar = jnp.array([[0.0, 0.0], [0.0, 0.0], [jnp.log(4.0), 0.0]])
    log_2pi = np.log(2 * np.pi)
    expected = -np.array(
        [
            [log_2pi, 0.5 + log_2pi, 2.0 + np.log(2) + log_2pi],
            [2.5 + log_2pi, 2.0 + log_2pi, 0.125 + np.log(2) + log_2pi],
        ]
    )
    np.testing.assert_allclose(priors.gaussian_log_prob(z, mean, logvar), expected, rtol=1e-6)

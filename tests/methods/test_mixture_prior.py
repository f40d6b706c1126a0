"""The mixture of AMM: means of the fixed one, densities by hand."""

import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.methods import mixture_prior


@pytest.mark.parametrize("directions", mixture_prior.DIRECTIONS)
def test_means_of_the_fixed_mixture(directions):
    means = mixture_prior.mixture_means(30, 64, 4.0, directions)
    np.testing.assert_allclose(np.linalg.norm(means, axis=1), 4.0, rtol=1e-6)
    cosine = means @ means.T / 16 - np.eye(30)
    assert np.abs(cosine).max() < (1e-6 if directions == "orthogonal" else 0.5)
    np.testing.assert_array_equal(means, mixture_prior.mixture_means(30, 64, 4.0, directions))


def test_orthogonal_means_beyond_the_dimensions_are_opposites():
    means = mixture_prior.mixture_means(5, 3, 2.0)
    cosine = means @ means.T / 4
    expected = np.eye(5)
    expected[[0, 1, 3, 4], [3, 4, 0, 1]] = -1
    np.testing.assert_allclose(cosine, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("components", "directions", "message"),
    [
        (7, "orthogonal", "7 orthogonal means do not fit 3 dimensions: at most 6 do"),
        (2, "up", "directions is 'up': choose one of orthogonal, random"),
    ],
)
def test_means_that_cannot_be(components, directions, message):
    with pytest.raises(ValueError, match=message):
        mixture_prior.mixture_means(components, 3, 2.0, directions)


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
    np.testing.assert_allclose(
        mixture_prior.log_prob_by_component(z, mean, logvar), expected, rtol=1e-6
    )

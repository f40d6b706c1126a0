import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from aae_jax import losses

LOG_2PI = math.log(2.0 * math.pi)
VARIANTS = {"nojit": lambda f: f, "jit": jax.jit}
all_variants = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)

Z = jnp.array([[1.0, 2.0], [0.0, 0.0]])
MEAN = jnp.array([[0.0, 0.0], [0.0, 3.0]])
LOG_VARIANCE = jnp.array([[0.0, math.log(4.0)], [0.0, math.log(9.0)]])


@all_variants
def test_gaussian_nll(variant):
    # First: 1/2 (1 + 0 + 4/4 + log 4) + log 2 pi; second: 1/2 (0 + 0 + 9/9 + log 9) + log 2 pi.
    expected = [1.0 + math.log(2.0) + LOG_2PI, 0.5 + math.log(3.0) + LOG_2PI]
    result = variant(losses.gaussian_nll)(Z, MEAN, LOG_VARIANCE)
    np.testing.assert_allclose(result, expected, rtol=1e-6)


@all_variants
def test_gaussian_log_prob_is_the_nll_negated(variant):
    std = jnp.exp(0.5 * LOG_VARIANCE)
    result = variant(losses.gaussian_log_prob)(Z, MEAN, std)
    np.testing.assert_allclose(
        result, -losses.gaussian_nll(Z, MEAN, LOG_VARIANCE), rtol=1e-6, atol=1e-6
    )


def test_gaussian_log_prob_takes_scalars():
    expected = [-LOG_2PI - 2.0 * math.log(5.0) - 0.1, -LOG_2PI - 2.0 * math.log(5.0)]
    np.testing.assert_allclose(losses.gaussian_log_prob(Z, 0.0, 5.0), expected, rtol=1e-6)
    np.testing.assert_allclose(losses.gaussian_log_prob(Z), [-LOG_2PI - 2.5, -LOG_2PI], rtol=1e-6)


def test_density_integrates_to_one():
    axis = jnp.linspace(-8.0, 8.0, 161)
    grid = jnp.stack(jnp.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mean = jnp.broadcast_to(jnp.array([0.5, -1.0]), grid.shape)
    std = jnp.broadcast_to(jnp.array([0.7, 1.2]), grid.shape)
    mass = jnp.exp(losses.gaussian_log_prob(grid, mean, std)).sum() * 0.1**2
    np.testing.assert_allclose(mass, 1.0, rtol=1e-4)


@all_variants
def test_gaussian_kl(variant):
    # 1/2 (mean^2 + variance - 1 - log variance), summed.
    mean = jnp.array([[0.0, 0.0], [2.0, 0.0]])
    log_variance = jnp.array([[0.0, 0.0], [0.0, math.log(4.0)]])
    result = variant(losses.gaussian_kl)(mean, log_variance)
    np.testing.assert_allclose(result, [0.0, 2.0 + 1.5 - math.log(2.0)], rtol=1e-6)


def test_gaussian_kl_is_not_negative_near_the_prior():
    log_variance = jnp.linspace(-1e-3, 1e-3, 101).reshape(-1, 1)
    kl = losses.gaussian_kl(jnp.zeros_like(log_variance), log_variance)
    expected = 0.25 * np.square(np.asarray(log_variance[:, 0], np.float64))
    assert (kl >= 0.0).all()
    np.testing.assert_allclose(kl, expected, rtol=1e-2, atol=1e-10)


def test_gaussian_kl_is_the_mean_difference_of_the_log_densities():
    mean, log_variance = jnp.array([[0.3, -0.8]]), jnp.array([[-0.5, 0.4]])
    noise = jax.random.normal(jax.random.key(0), (200_000, 1, 2))
    z = mean[None] + jnp.exp(0.5 * log_variance)[None] * noise
    nll = jax.vmap(lambda z: losses.gaussian_nll(z, mean, log_variance))(z)
    log_prior = jax.vmap(losses.gaussian_log_prob)(z)
    estimate = jnp.mean(-nll - log_prior)
    np.testing.assert_allclose(losses.gaussian_kl(mean, log_variance), estimate, atol=0.01)


@pytest.mark.parametrize(
    ("fn", "arguments"),
    [
        (losses.gaussian_nll, (Z, MEAN, LOG_VARIANCE)),
        (losses.gaussian_kl, (MEAN, LOG_VARIANCE)),
        (losses.gaussian_log_prob, (Z, MEAN, jnp.array([[1.0, 2.0], [1.5, 0.8]]))),
    ],
    ids=["nll", "kl", "log_prob"],
)
def test_gradients_match_finite_differences(fn, arguments):
    check_grads(fn, arguments, order=2, modes=["rev"], eps=1e-2, atol=2e-2, rtol=2e-2)


@pytest.mark.parametrize("log_variance", [-80.0, 80.0])
def test_documented_range_is_finite(log_variance):
    log_variances = jnp.full((2, 2), log_variance)

    def total(mean, log_variances):
        nll = losses.gaussian_nll(Z, mean, log_variances)
        return (nll + losses.gaussian_kl(mean, log_variances)).sum()

    for result in (total(MEAN, log_variances), *jax.grad(total, (0, 1))(MEAN, log_variances)):
        assert np.isfinite(result).all()


@pytest.mark.parametrize(
    "shapes",
    [
        ((2, 3), (2, 3), (2, 1)),
        ((2, 3), (3,), (2, 3)),
        ((2,), (2,), (2,)),
        ((1, 3), (2, 3), (2, 3)),
    ],
)
def test_wrong_shapes_raise(shapes):
    arrays = [jnp.ones(shape) for shape in shapes]
    with pytest.raises(AssertionError):
        losses.gaussian_nll(*arrays)
    with pytest.raises(AssertionError):
        losses.gaussian_log_prob(*arrays)


@pytest.mark.parametrize("shapes", [((2, 3), (2, 1)), ((3,), (3,)), ((2, 3), (3,))])
def test_kl_of_wrong_shapes_raises(shapes):
    with pytest.raises(AssertionError):
        losses.gaussian_kl(*(jnp.zeros(shape) for shape in shapes))


def test_half_precision_codes_give_float32():
    z, mean, log_variance = (a.astype(jnp.bfloat16) for a in (Z, MEAN, jnp.zeros((2, 2))))
    for result in (
        losses.gaussian_nll(z, mean, log_variance),
        losses.gaussian_kl(mean, log_variance),
        losses.gaussian_log_prob(z, mean, 2.0),
    ):
        assert result.dtype == jnp.float32
    np.testing.assert_array_equal(
        losses.gaussian_nll(z, mean, log_variance), losses.gaussian_nll(Z, MEAN, jnp.zeros((2, 2)))
    )

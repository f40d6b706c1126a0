import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from aae_jax import losses

X = jnp.array([[0.0, 1.0, 0.0, 1.0], [0.5, 0.5, 1.0, 0.0]]).reshape(2, 2, 2, 1)
RECONSTRUCTION = jnp.array([[1.0, 1.0, -2.0, 0.0], [0.5, 0.5, 1.0, 0.0]]).reshape(2, 2, 2, 1)
FUNCTIONS = {
    "euclidean": losses.euclidean_reconstruction_loss,
    "mean_squared": losses.mean_squared_reconstruction_loss,
    "cycle_1": partial(losses.cycle_loss, k=1),
    "cycle_2": partial(losses.cycle_loss, k=2),
    "bernoulli": losses.bernoulli_reconstruction_loss,
    "feature": losses.feature_reconstruction_loss,
}
VARIANTS = {"nojit": lambda f: f, "jit": jax.jit}
all_functions = pytest.mark.parametrize("fn", FUNCTIONS.values(), ids=FUNCTIONS)
all_variants = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)


@all_variants
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("euclidean", [3.0, 0.0]),  # differences 1, 0, 2, 1
        ("mean_squared", [1.5, 0.0]),
        ("cycle_1", [4.0, 0.0]),
        ("cycle_2", [6.0, 0.0]),
        ("feature", [6.0, 0.0]),
    ],
)
def test_distances(name, expected, variant):
    np.testing.assert_allclose(variant(FUNCTIONS[name])(RECONSTRUCTION, X), expected)


@all_variants
def test_bernoulli(variant):
    # Probabilities 1/4, 1/2, 3/4 against 1, 0.3, 0: -log 1/4 - log 1/2 - log 1/4.
    logits = jnp.array([[-math.log(3.0), 0.0, math.log(3.0)]])
    result = variant(losses.bernoulli_reconstruction_loss)(logits, jnp.array([[1.0, 0.3, 0.0]]))
    np.testing.assert_allclose(result, [math.log(32.0)], rtol=1e-6)


def test_bernoulli_at_extreme_logits():
    logits = jnp.array([[-1e4, 1e4], [1e4, -1e4]])
    x = jnp.array([[0.0, 1.0], [0.0, 1.0]])
    np.testing.assert_allclose(losses.bernoulli_reconstruction_loss(logits, x), [0.0, 2e4])
    gradient = jax.grad(lambda logits: losses.bernoulli_reconstruction_loss(logits, x).sum())(
        logits
    )
    np.testing.assert_allclose(gradient, [[0.0, 0.0], [1.0, -1.0]])


def test_features_are_summed_over_the_tree():
    features = {"early": jnp.zeros((2, 3, 3, 4)), "late": jnp.zeros((2, 5))}
    other = {"early": jnp.ones((2, 3, 3, 4)), "late": jnp.array([[0.0] * 5, [2.0] * 5])}
    result = losses.feature_reconstruction_loss(features, other)
    np.testing.assert_allclose(result, [36.0, 56.0])


@all_functions
def test_gradients_match_finite_differences(fn):
    keys = jax.random.split(jax.random.key(0))
    x = jax.random.uniform(keys[0], (2, 3, 2), minval=0.1, maxval=0.9)
    reconstruction = x + jnp.where(jax.random.bernoulli(keys[1], 0.5, x.shape), 0.6, -0.7)
    check_grads(fn, (reconstruction, x), order=2, modes=["rev"], eps=1e-2, atol=5e-3, rtol=5e-3)


@pytest.mark.parametrize("k", [1, 2])
def test_cycle_gradient_is_zero_at_a_perfect_reconstruction(k):
    gradient = jax.grad(lambda reconstruction: losses.cycle_loss(reconstruction, X, k).sum())(X)
    np.testing.assert_array_equal(gradient, jnp.zeros_like(X))


@pytest.mark.parametrize("k", [0, 1.5, 3])
def test_cycle_order_must_be_1_or_2(k):
    with pytest.raises(ValueError, match="must be 1 or 2"):
        losses.cycle_loss(RECONSTRUCTION, X, k)


@all_functions
def test_vmap_over_trials_equals_a_loop(fn):
    x = jnp.stack([X, 0.5 * X])
    reconstruction = jnp.stack([RECONSTRUCTION, 2.0 * RECONSTRUCTION])
    expected = np.stack([fn(one, other) for one, other in zip(reconstruction, x, strict=True)])
    np.testing.assert_allclose(jax.vmap(fn)(reconstruction, x), expected, rtol=1e-6)


@pytest.mark.parametrize(
    "shapes",
    [((2, 3), (2, 3, 1)), ((2, 3), (2, 1)), ((2, 3), (1, 3)), ((2,), (2,)), ((2, 3), (4, 3))],
)
@all_functions
def test_wrong_shapes_raise(fn, shapes):
    with pytest.raises(AssertionError):
        fn(*(jnp.zeros(shape) for shape in shapes))


@all_functions
def test_integer_images_raise(fn):
    with pytest.raises(AssertionError):
        fn(jnp.zeros((2, 3)), jnp.zeros((2, 3), jnp.uint8))


@pytest.mark.parametrize(
    "pair",
    [
        ([jnp.zeros((2, 3))], [jnp.zeros((2, 3)), jnp.zeros((2, 3))]),
        ([], []),
        ([jnp.zeros((2, 3)), jnp.zeros((1, 3))], [jnp.zeros((2, 3)), jnp.zeros((1, 3))]),
    ],
    ids=["structure", "empty", "batch"],
)
def test_features_that_do_not_match_raise(pair):
    with pytest.raises(AssertionError):
        losses.feature_reconstruction_loss(*pair)


@all_functions
def test_half_precision_is_summed_in_float32(fn):
    x = jnp.zeros((1, 1000), jnp.bfloat16)
    reconstruction = jnp.full((1, 1000), 0.75, jnp.bfloat16)
    result = fn(reconstruction, x)
    assert result.dtype == jnp.float32
    expected = fn(reconstruction.astype(jnp.float32), x.astype(jnp.float32))
    np.testing.assert_allclose(result, expected, rtol=1e-6)

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from aae_jax import losses

VARIANTS = {"nojit": lambda f: f, "jit": jax.jit}
all_variants = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)

LOGITS = jnp.log(jnp.array([[1.0, 2.0, 5.0], [1.0, 2.0, 1.0]]))
LABELS = jnp.array([2, 0])
EXPECTED = [math.log(8.0 / 5.0), math.log(4.0)]


@all_variants
def test_labels_and_one_hot_agree_with_the_table(variant):
    fn = variant(losses.categorical_information_loss)
    np.testing.assert_allclose(fn(LOGITS, LABELS), EXPECTED, rtol=1e-6)
    np.testing.assert_allclose(fn(LOGITS, jax.nn.one_hot(LABELS, 3)), EXPECTED, rtol=1e-6)


def test_probabilities_mix_the_labels():
    s = jnp.array([[0.0, 0.5, 0.5]])
    expected = 0.5 * math.log(8.0 / 2.0) + 0.5 * math.log(8.0 / 5.0)
    np.testing.assert_allclose(
        losses.categorical_information_loss(LOGITS[:1], s), [expected], rtol=1e-6
    )


@pytest.mark.parametrize("s", [jnp.array([0, 0]), jnp.array([[1.0, 0.0], [1.0, 0.0]])])
def test_extreme_logits_are_finite(s):
    logits = jnp.array([[1e4, -1e4], [-1e4, 1e4]])
    np.testing.assert_allclose(losses.categorical_information_loss(logits, s), [0.0, 2e4])
    gradient = jax.grad(lambda logits: losses.categorical_information_loss(logits, s).sum())(logits)
    np.testing.assert_allclose(gradient, [[0.0, 0.0], [-1.0, 1.0]])


def test_labels_out_of_range_give_nan():
    result = losses.categorical_information_loss(jnp.zeros((3, 4)), jnp.array([-1, 3, 4]))
    np.testing.assert_array_equal(np.isnan(result), [True, False, True])


@all_variants
def test_gaussian(variant):
    s, mean = jnp.array([[1.0, 2.0]]), jnp.array([[0.0, 0.0]])
    log_std = jnp.array([[0.0, math.log(2.0)]])
    expected = 1.0 + math.log(2.0) + math.log(2.0 * math.pi)
    result = variant(losses.gaussian_information_loss)(s, mean, log_std)
    np.testing.assert_allclose(result, [expected], rtol=1e-6)


def test_the_bound_is_tight_for_the_true_posterior():
    """s and x of two states: -mean loss + H(s) is I(s; x) where Q is p(s | x)."""
    joint = jnp.array([[0.4, 0.1], [0.2, 0.3]])  # rows s, columns x
    posterior = jnp.log(joint / joint.sum(0)[None, :]).T
    loss = jnp.array(
        [losses.categorical_information_loss(posterior, jnp.full(2, s)) for s in range(2)]
    )
    marginal = joint.sum(1)
    entropy = -jnp.sum(marginal * jnp.log(marginal))
    outer = marginal[:, None] * joint.sum(0)[None, :]
    information = jnp.sum(joint * jnp.log(joint / outer))
    np.testing.assert_allclose(entropy - jnp.sum(joint * loss), information, rtol=1e-5)


def test_gradients_match_finite_differences():
    options = {"order": 2, "modes": ["rev"], "eps": 1e-2, "atol": 1e-2, "rtol": 1e-2}
    check_grads(lambda q: losses.categorical_information_loss(q, LABELS), (LOGITS,), **options)
    s, mean, log_std = jnp.array([[[0.5, -0.4]], [[0.1, 0.9]], [[-0.3, 0.2]]])
    check_grads(losses.gaussian_information_loss, (s, mean, log_std), **options)


def test_vmap_over_trials_equals_a_loop():
    logits = jnp.stack([LOGITS, 2.0 * LOGITS])
    result = jax.vmap(losses.categorical_information_loss, (0, None))(logits, LABELS)
    expected = np.stack([losses.categorical_information_loss(one, LABELS) for one in logits])
    np.testing.assert_allclose(result, expected, rtol=1e-6)


@pytest.mark.parametrize(
    "s",
    [
        jnp.zeros((2, 1), int),
        jnp.zeros(3, int),
        jnp.zeros((2, 2)),
        jnp.zeros(2),
        jnp.zeros((1, 3)),
    ],
    ids=["label column", "batch", "classes", "float labels", "one row"],
)
def test_wrong_labels_raise(s):
    with pytest.raises(AssertionError):
        losses.categorical_information_loss(LOGITS, s)


def test_wrong_gaussian_shapes_raise():
    with pytest.raises(AssertionError):
        losses.gaussian_information_loss(jnp.zeros((2, 3)), jnp.zeros((2, 3)), jnp.zeros((2, 1)))


def test_half_precision_gives_float32():
    logits = jnp.array([[0.5, -0.25]], jnp.bfloat16)
    for s in (jnp.array([1]), jnp.array([[0.0, 1.0]], jnp.bfloat16)):
        result = losses.categorical_information_loss(logits, s)
        assert result.dtype == jnp.float32
        np.testing.assert_allclose(result, [math.log1p(math.exp(0.75))], rtol=1e-6)

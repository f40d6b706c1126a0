import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from aae_jax import losses
from aae_jax.losses import VALUES

FUNCTIONS = sorted(
    {fn for value in VALUES.values() for fn in value}, key=lambda function: function.__name__
)
VARIANTS = {"nojit": lambda f: f, "jit": jax.jit}

# D = sigmoid(logit) is 1/4, 1/2 and 3/4 at logits -ln 3, 0 and ln 3.
LN2, LN3, LN4 = math.log(2), math.log(3), math.log(4)
CROSS_ENTROPY_LOGITS = [-LN3, 0.0, LN3]
MINUS_LOG_D = [LN4, LN2, LN4 - LN3]
MINUS_LOG_1_D = [LN4 - LN3, LN2, LN4]
LINEAR_LOGITS = [-2.0, 0.5, 3.0]
TABLE = [
    ("real_loss", CROSS_ENTROPY_LOGITS, MINUS_LOG_D),
    ("fake_loss", CROSS_ENTROPY_LOGITS, MINUS_LOG_1_D),
    ("non_saturating_generator_loss", CROSS_ENTROPY_LOGITS, MINUS_LOG_D),
    ("non_saturating_inference_loss", CROSS_ENTROPY_LOGITS, MINUS_LOG_1_D),
    ("minimax_generator_loss", CROSS_ENTROPY_LOGITS, [LN3 - LN4, -LN2, -LN4]),
    ("minimax_inference_loss", CROSS_ENTROPY_LOGITS, [-LN4, -LN2, LN3 - LN4]),
    ("least_squares_real_loss", LINEAR_LOGITS, [4.5, 0.125, 2.0]),
    ("least_squares_fake_loss", LINEAR_LOGITS, [2.0, 0.125, 4.5]),
    ("least_squares_generator_loss", LINEAR_LOGITS, [4.5, 0.125, 2.0]),
    ("least_squares_inference_loss", LINEAR_LOGITS, [2.0, 0.125, 4.5]),
    ("hinge_real_loss", LINEAR_LOGITS, [3.0, 0.5, 0.0]),
    ("hinge_fake_loss", LINEAR_LOGITS, [0.0, 1.5, 4.0]),
    ("linear_generator_loss", LINEAR_LOGITS, [2.0, -0.5, -3.0]),
    ("linear_inference_loss", LINEAR_LOGITS, [-2.0, 0.5, 3.0]),
    ("wasserstein_real_loss", LINEAR_LOGITS, [2.0, -0.5, -3.0]),
    ("wasserstein_fake_loss", LINEAR_LOGITS, LINEAR_LOGITS),
    ("fgan_kl_real_loss", [1.0, 1.0 + LN2, 1.0 - LN2], [-1.0, -1.0 - LN2, -1.0 + LN2]),
    ("fgan_kl_fake_loss", [1.0, 1.0 + LN2, 1.0 - LN2], [1.0, 2.0, 0.5]),
    ("fgan_kl_generator_loss", [1.0, 1.0 + LN2, 1.0 - LN2], [-1.0, -2.0, -0.5]),
]


def test_the_table_covers_every_function():
    assert sorted(name for name, _, _ in TABLE) == [fn.__name__ for fn in FUNCTIONS]


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize(("name", "logits", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_values(name, logits, expected, variant):
    result = variant(getattr(losses, name))(jnp.array(logits))
    np.testing.assert_allclose(result, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda fn: fn.__name__)
def test_gradients_match_finite_differences(fn):
    logits = jnp.array([-2.3, -0.4, 0.3, 1.7])  # away from the hinge's corners at -1 and 1
    check_grads(fn, (logits,), order=2, modes=["rev"], eps=1e-2, atol=5e-3, rtol=5e-3)


@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda fn: fn.__name__)
def test_extreme_logits_are_finite(fn):
    def total(logits):
        return fn(logits).sum()

    logits = jnp.array([-1e4, -100.0, 100.0, 1e4])
    assert np.isfinite(fn(logits)).all()
    assert np.isfinite(jax.grad(total)(logits)).all()
    assert np.isfinite(jax.hessian(total)(logits)).all()


@pytest.mark.parametrize(
    ("fn", "logit", "value", "slope"),
    [
        (losses.real_loss, -1e4, 1e4, -1.0),
        (losses.fake_loss, 1e4, 1e4, 1.0),
        (losses.real_loss, 1e4, 0.0, 0.0),
        (losses.non_saturating_generator_loss, -1e4, 1e4, -1.0),
        (losses.non_saturating_inference_loss, 1e4, 1e4, 1.0),
        (losses.minimax_generator_loss, -1e4, 0.0, 0.0),
        (losses.minimax_generator_loss, 1e4, -1e4, -1.0),
    ],
)
def test_cross_entropy_is_linear_where_it_is_large(fn, logit, value, slope):
    result, gradient = jax.value_and_grad(lambda logits: fn(logits).sum())(jnp.array([logit]))
    np.testing.assert_allclose(result, value)
    np.testing.assert_allclose(gradient, [slope])


def test_fgan_kl_goes_on_along_its_tangent():
    logits = jnp.array([20.0, 21.0, 23.0])
    scale = math.exp(20.0)
    expected = [math.exp(19.0), scale, 3.0 * scale]
    np.testing.assert_allclose(losses.fgan_kl_fake_loss(logits), expected, rtol=1e-5)
    slopes = jax.grad(lambda logits: losses.fgan_kl_fake_loss(logits).sum())(logits)
    np.testing.assert_allclose(slopes, [math.exp(19.0), scale, scale], rtol=1e-5)


@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda fn: fn.__name__)
def test_vmap_over_trials_equals_a_loop(fn):
    logits = jnp.linspace(-3.0, 3.0, 12).reshape(3, 4)
    expected = np.stack([fn(row) for row in logits])
    np.testing.assert_allclose(jax.vmap(fn)(logits), expected, rtol=1e-6)


@pytest.mark.parametrize("shape", [(), (4, 1), (2, 2, 1)])
@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda fn: fn.__name__)
def test_anything_but_one_logit_per_example_raises(fn, shape):
    with pytest.raises(AssertionError):
        fn(jnp.zeros(shape))


@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda fn: fn.__name__)
def test_integer_logits_raise(fn):
    with pytest.raises(AssertionError):
        fn(jnp.zeros(3, int))


@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda fn: fn.__name__)
def test_half_precision_logits_give_float32_losses(fn):
    logits = jnp.array([-1.5, 0.25, 2.0], jnp.bfloat16)  # exact in bfloat16
    result = fn(logits)
    assert result.dtype == jnp.float32
    np.testing.assert_array_equal(result, fn(logits.astype(jnp.float32)))


def test_numpy_s_double_precision_is_taken_without_a_warning():
    result = losses.real_loss(np.zeros(3))
    assert result.dtype == jnp.float32
    np.testing.assert_allclose(result, LN2, rtol=1e-6)


def test_the_discriminator_adds_both_sides():
    logits = jnp.array([-LN3, LN3])
    result = VALUES["minimax"].discriminator(logits, jnp.zeros(2))
    np.testing.assert_allclose(result, [LN4 + LN2, LN4 - LN3 + LN2], rtol=1e-6)


@pytest.mark.parametrize("shapes", [((4,), (4, 1)), ((4, 1), (4,)), ((4,), (1,)), ((4,), (3,))])
def test_the_discriminator_refuses_unequal_sides(shapes):
    real, fake = (jnp.zeros(shape) for shape in shapes)
    with pytest.raises(AssertionError):
        VALUES["hinge"].discriminator(real, fake)


# Real, fake, generator's and inference's function of each value.
PARTS = {
    "non_saturating": "real fake non_saturating_generator non_saturating_inference",
    "minimax": "real fake minimax_generator minimax_inference",
    "least_squares": "least_squares_real least_squares_fake least_squares_generator "
    "least_squares_inference",
    "hinge": "hinge_real hinge_fake linear_generator linear_inference",
    "wasserstein": "wasserstein_real wasserstein_fake linear_generator linear_inference",
    "fgan_kl": "fgan_kl_real fgan_kl_fake fgan_kl_generator linear_inference",
    "fgan_kl_non_saturating": "fgan_kl_real fgan_kl_fake linear_generator linear_inference",
}


def test_values_are_made_of_losses_that_belong_together():
    names = {
        name: " ".join(fn.__name__.removesuffix("_loss") for fn in value)
        for name, value in VALUES.items()
    }
    assert names == PARTS


@pytest.mark.parametrize("name", VALUES)
def test_descent_moves_each_side_the_right_way(name):
    """The discriminator parts real (up) and fake (down); the players bring them together."""
    slopes = [jax.grad(lambda logits, fn=fn: fn(logits).sum())(jnp.zeros(1)) for fn in VALUES[name]]
    real, fake, generator, inference = (float(-slope[0]) for slope in slopes)
    # Least squares has no pull on an inference player (or a fake) already at its target, 0.
    if name == "least_squares":
        assert (real, fake, generator, inference) == (1.0, 0.0, 1.0, 0.0)
    else:
        assert real > 0 > fake
        assert generator > 0 > inference


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # KL(fake || real) - 1, against the perfect discriminator of two coins.
        ("fgan_kl_non_saturating", 0.75 * math.log(0.75 / 0.5) + 0.25 * math.log(0.25 / 0.5) - 1),
        ("fgan_kl", -1.0),
    ],
)
def test_fgan_kl_generator_against_the_perfect_discriminator(name, expected):
    real, fake = jnp.array([0.5, 0.5]), jnp.array([0.75, 0.25])
    logits = 1.0 + jnp.log(real / fake)
    mean = jnp.sum(fake * VALUES[name].generator(logits))
    np.testing.assert_allclose(mean, expected, rtol=1e-5)


def test_fgan_kl_discriminator_reaches_the_divergence_at_its_optimum():
    real, fake = jnp.array([0.5, 0.5]), jnp.array([0.75, 0.25])
    value = VALUES["fgan_kl"]

    def loss(logits):
        return jnp.sum(real * value.real(logits) + fake * value.fake(logits))

    optimum = 1.0 + jnp.log(real / fake)
    np.testing.assert_allclose(jax.grad(loss)(optimum), [0.0, 0.0], atol=1e-6)
    divergence = 0.5 * math.log(0.5 / 0.75) + 0.5 * math.log(0.5 / 0.25)
    np.testing.assert_allclose(-loss(optimum), divergence, rtol=1e-5)

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from aae_jax import losses

VARIANTS = {"nojit": lambda f: f, "jit": jax.jit}
all_variants = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)


def quadratic(x, y):
    """Logits whose gradients are x and y themselves."""
    return 0.5 * (jnp.sum(jnp.square(x), axis=(1, 2)) + jnp.sum(jnp.square(y), axis=1))


def mlp(params, x, z):
    hidden = jnp.tanh(x @ params["x"] + z @ params["z"])
    return hidden @ params["out"]


@pytest.fixture
def mlp_case():
    keys = jax.random.split(jax.random.key(0), 8)
    params = {
        "x": jax.random.normal(keys[0], (3, 5)),
        "z": jax.random.normal(keys[1], (2, 5)),
        "out": jax.random.normal(keys[2], (5,)),
    }
    real = (jax.random.normal(keys[3], (4, 3)), jax.random.normal(keys[4], (4, 2)))
    fake = (jax.random.normal(keys[5], (4, 3)), jax.random.normal(keys[6], (4, 2)))
    return params, real, fake, jax.random.uniform(keys[7], (4,))


def test_interpolate_shares_one_alpha_between_the_inputs_of_an_example():
    real = (jnp.ones((3, 2, 2)), jnp.array([[10.0], [10.0], [10.0]]))
    fake = (jnp.zeros((3, 2, 2)), jnp.array([[20.0], [20.0], [20.0]]))
    x, y = losses.interpolate(real, fake, jnp.array([0.0, 0.25, 1.0]))
    np.testing.assert_allclose(x[:, 0, 0], [0.0, 0.25, 1.0])
    np.testing.assert_allclose(x, jnp.broadcast_to(x[:, :1, :1], x.shape))
    np.testing.assert_allclose(y[:, 0], [20.0, 17.5, 10.0])


@all_variants
def test_the_norm_is_joint_over_all_inputs(variant):
    # Gradients (3, 0 ...) and (4): jointly a norm of 5, so (5 - 1)^2; apart they would give 4 + 9.
    x = jnp.zeros((2, 2, 2)).at[:, 0, 0].set(3.0)
    y = jnp.array([[4.0], [0.0]])
    penalty = variant(lambda x, y, alpha: losses.gradient_penalty(quadratic, (x, y), (x, y), alpha))
    np.testing.assert_allclose(penalty(x, y, jnp.array([0.3, 0.9])), [16.0, 4.0], rtol=1e-5)


@all_variants
def test_the_gradient_is_taken_between_real_and_fake(variant):
    real = (jnp.zeros((3, 1, 1)), jnp.full((3, 1), 6.0))
    fake = (jnp.zeros((3, 1, 1)), jnp.full((3, 1), 2.0))
    penalty = variant(lambda alpha: losses.gradient_penalty(quadratic, real, fake, alpha))
    # Norms 2, 3 and 6.
    np.testing.assert_allclose(penalty(jnp.array([0.0, 0.25, 1.0])), [1.0, 4.0, 25.0], rtol=1e-5)


def test_target():
    inputs = (jnp.zeros((1, 1, 1)), jnp.full((1, 1), 3.0))
    penalty = losses.gradient_penalty(quadratic, inputs, inputs, jnp.ones(1), target=5.0)
    np.testing.assert_allclose(penalty, [4.0], rtol=1e-5)


def test_examples_are_independent(mlp_case):
    params, real, fake, alpha = mlp_case
    together = losses.gradient_penalty(lambda x, z: mlp(params, x, z), real, fake, alpha)
    for i in range(len(alpha)):
        alone = losses.gradient_penalty(
            lambda x, z: mlp(params, x, z),
            [a[i : i + 1] for a in real],
            [a[i : i + 1] for a in fake],
            alpha[i : i + 1],
        )
        np.testing.assert_allclose(alone[0], together[i], rtol=1e-4)


def test_equals_a_jacobian_of_one_concatenated_input(mlp_case):
    params, real, fake, alpha = mlp_case

    def logit(point):
        return mlp(params, point[None, :3], point[None, 3:])[0]

    points = jnp.concatenate(losses.interpolate(real, fake, alpha), axis=1)
    norms = jnp.linalg.norm(jax.vmap(jax.grad(logit))(points), axis=1)
    result = losses.gradient_penalty(lambda x, z: mlp(params, x, z), real, fake, alpha)
    np.testing.assert_allclose(result, jnp.square(norms - 1.0), rtol=1e-4)


def test_gradients_match_finite_differences(mlp_case):
    params, real, fake, alpha = mlp_case

    def loss(params, real):
        return losses.gradient_penalty(lambda x, z: mlp(params, x, z), real, fake, alpha).mean()

    params = jax.tree.map(lambda p: 0.5 * p, params)
    check_grads(loss, (params, real), order=2, modes=["rev"], eps=1e-2, atol=5e-2, rtol=5e-2)


def test_a_zero_gradient_is_safe():
    """Norm 0: penalty 1, and finite first and second derivatives."""

    def loss(weight, x):
        return losses.gradient_penalty(
            lambda x: weight * jnp.sum(jnp.square(x), axis=1), (x,), (x,), jnp.ones(2)
        ).sum()

    x = jnp.array([[0.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(loss(1.0, x), 1.0 + 1.0)
    np.testing.assert_allclose(loss(0.0, x), 1.0 + 1.0)
    for derivative in (jax.grad, jax.hessian):
        for argument in (0, 1):
            derivative_fn = jax.jit(derivative(loss, argument))
            assert np.isfinite(derivative_fn(0.0, x)).all()
            assert np.isfinite(derivative_fn(1.0, x)).all()
    # The example at the origin contributes nothing; the other pulls its norm 2 towards 1.
    np.testing.assert_allclose(jax.grad(loss, 1)(1.0, x), [[0.0, 0.0], [4.0, 0.0]])


def test_a_constant_discriminator_gives_the_squared_target():
    x = jnp.ones((3, 2))
    penalty = losses.gradient_penalty(lambda x: jnp.zeros(x.shape[0]), (x,), (x,), jnp.ones(3))
    np.testing.assert_array_equal(penalty, [1.0, 1.0, 1.0])


def test_vmap_over_trials_equals_a_loop(mlp_case):
    params, real, fake, alpha = mlp_case

    def penalty(params, alpha):
        return losses.gradient_penalty(lambda x, z: mlp(params, x, z), real, fake, alpha)

    trials = jax.tree.map(lambda p: jnp.stack([p, 0.5 * p]), params)
    alphas = jnp.stack([alpha, 1.0 - alpha])
    expected = np.stack(
        [penalty(params, alpha), penalty(jax.tree.map(lambda p: 0.5 * p, params), 1.0 - alpha)]
    )
    np.testing.assert_allclose(jax.vmap(penalty)(trials, alphas), expected, rtol=1e-4)


X = jnp.zeros((4, 3))
LABELS = jnp.zeros((4, 2), int)


@pytest.mark.parametrize(
    ("real", "fake", "alpha"),
    [
        ((X,), (X,), jnp.zeros((4, 1))),
        ((X,), (X,), jnp.zeros(3)),
        ((X,), (X,), jnp.zeros(())),
        ((X,), (jnp.zeros((4, 1)),), jnp.zeros(4)),
        ((X, X), (X,), jnp.zeros(4)),
        ((), (), jnp.zeros(4)),
        ((X, LABELS), (X, LABELS), jnp.zeros(4)),
    ],
    ids=["alpha column", "alpha batch", "alpha scalar", "sides", "count", "none", "integers"],
)
def test_wrong_inputs_raise(real, fake, alpha):
    with pytest.raises(AssertionError):
        losses.gradient_penalty(lambda *inputs: inputs[0].sum(1), real, fake, alpha)


@pytest.mark.parametrize(
    "logits",
    [lambda x: x.sum(1, keepdims=True), lambda x: x.sum(), lambda x: x[:3].sum(1)],
    ids=["column", "scalar", "batch"],
)
def test_wrong_logits_raise(logits):
    with pytest.raises(AssertionError):
        losses.gradient_penalty(logits, (X,), (X,), jnp.zeros(4))


def test_half_precision_gives_float32():
    x = jnp.full((2, 1), 3.0, jnp.bfloat16)
    alpha = jnp.array([0.0, 1.0])
    penalty = losses.gradient_penalty(
        lambda x: 0.5 * jnp.square(x[:, 0].astype(jnp.float32)), (x,), (x,), alpha
    )
    assert penalty.dtype == jnp.float32
    np.testing.assert_allclose(penalty, [4.0, 4.0])


@pytest.mark.parametrize("bare", [0, 1])
def test_arrays_in_place_of_sequences_of_them(bare):
    x = jnp.ones((3, 2))
    pair = [(x,), (x,)]
    pair[bare] = x
    with pytest.raises(AssertionError, match=r"need sequences of arrays, as \(x,\)"):
        losses.gradient_penalty(lambda x: x.sum(axis=1), *pair, jnp.ones(3))

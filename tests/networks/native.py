"""XLA's own convolutions, and what convolutions are compared by: values and derivatives."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

PENALTY_SCALE = 1e-2  # keeps second-order gradients near 1, so that one tolerance fits all


def native_conv(x, kernel, stride, padding):
    if isinstance(padding, int):
        padding = ((padding, padding), (padding, padding))
    return lax.conv_general_dilated(
        x, kernel, (stride, stride), padding, dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def native_conv_transpose(x, kernel, stride, padding):
    crop = padding if isinstance(padding, int) else 0
    y = lax.conv_transpose(
        x, kernel[::-1, ::-1], (stride, stride), "VALID" if isinstance(padding, int) else padding
    )
    return y[:, crop : y.shape[1] - crop, crop : y.shape[2] - crop]


def draw(size, cin, cout, width, batch=3, lead=()):
    """Images one pixel higher than wide (unless the window is the whole image), and a kernel."""
    rng = np.random.default_rng(0)
    height = size if size in (1, width) else size + 1
    x = rng.standard_normal((*lead, batch, height, size, cin), np.float32)
    kernel = rng.standard_normal((*lead, width, width, cin, cout), np.float32)
    return jnp.asarray(x), jnp.asarray(kernel / width)


def derivatives(operator, x, kernel):
    """Value, gradients of a nonlinear function of it, and of a penalty on the input gradient."""

    def loss(x, kernel):
        return jnp.sum(jnp.tanh(operator(x, kernel)))

    def penalty(x, kernel):
        return PENALTY_SCALE * jnp.sum(jax.grad(loss)(x, kernel) ** 2)

    return (
        operator(x, kernel),
        jax.grad(loss, (0, 1))(x, kernel),
        jax.grad(penalty, (0, 1))(x, kernel),
    )


def assert_trees_close(actual, expected):
    jax.tree.map(
        functools.partial(np.testing.assert_allclose, rtol=2e-4, atol=1e-4), actual, expected
    )


def run_derivatives(operator, case):
    *sizes, stride, padding = case
    run = jax.jit(lambda x, k: derivatives(lambda x, k: operator(x, k, stride, padding), x, k))
    return run(*draw(*sizes))

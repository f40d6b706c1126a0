"""Minimal filtering against the sum that it replaces, its adjoints, its rounding, its choice."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from aae_jax.networks import convolution, matrix_convolution, winograd
from aae_jax.networks.windows import Window
from aae_jax.networks.winograd import Tiles
from tests.networks.native import (
    assert_trees_close,
    native_conv,
    native_conv_transpose,
    run_derivatives,
)

ROUNDING = {2: 2e-6, 4: 1e-5}  # of float32, relative to the largest output


@pytest.fixture(params=[2, 4])
def m(request):
    return request.param


@pytest.fixture
def always_tiles(m, monkeypatch):
    """Patches look dear, so that whatever may have tiles has those of m x m."""
    monkeypatch.setattr(matrix_convolution, "TILES", {3: (m,)})
    monkeypatch.setattr(matrix_convolution, "MOVE_PATCH", 10**6)


def draw(seed, *shape):
    return jnp.asarray(np.random.default_rng(seed).standard_normal(shape, np.float32))


def test_one_tile_by_hand(m):
    """In one direction, whole numbers: y[i] = g[0] d[i] + g[1] d[i+1] + g[2] d[i+2]."""
    a, g, b = winograd._matrices(m, 3)
    d, kernel = np.arange(1.0, m + 3) ** 2, np.array([1.0, -2.0, 3.0])
    y = a.T @ ((g @ kernel) * (b @ d))
    np.testing.assert_allclose(y, [d[i : i + 3] @ kernel for i in range(m)], rtol=1e-12)


def test_products_are_as_few_as_published():
    """16 for 2x2 outputs and 36 for 4x4, where the window's sum takes 36 and 144."""
    x = {m: draw(0, 1, m + 2, m + 2, 1) for m in (2, 4)}
    assert [Tiles(m, 3, 1, 1).see(x[m]).size for m in (2, 4)] == [16, 36]


def test_adjoints(m):
    tiles = Tiles(m, 3, 2, 3)
    places, kernel = draw(0, tiles.n**2, 2 * 6, 5), draw(1, 3, 3, 4, 5)
    y, seen = draw(2, 2, *tiles.outputs, 5), draw(3, tiles.n**2, 4, 5)
    np.testing.assert_allclose(
        jnp.vdot(tiles.settle(places), y), jnp.vdot(places, tiles.settle_adjoint(y)), rtol=1e-4
    )
    np.testing.assert_allclose(
        jnp.vdot(tiles.kernel(kernel), seen),
        jnp.vdot(kernel, tiles.kernel_adjoint(seen)),
        rtol=1e-4,
    )


@pytest.mark.parametrize(
    ("operator", "native", "case"),
    [
        (convolution.conv2d, native_conv, (9, 2, 3, 3, 1, "SAME")),
        (convolution.conv2d, native_conv, (8, 3, 2, 3, 1, "VALID")),
        (convolution.conv2d, native_conv, (5, 2, 3, 3, 1, ((0, 2), (1, 0)))),
        (convolution.conv_transpose2d, native_conv_transpose, (6, 2, 3, 3, 1, "VALID")),
        (convolution.conv_transpose2d, native_conv_transpose, (7, 3, 2, 3, 1, "SAME")),
    ],
)
@pytest.mark.usefixtures("always_tiles")
def test_equals_native_to_second_order(operator, native, case):
    """Tiles that fit the image and tiles that reach beyond it."""
    assert_trees_close(run_derivatives(operator, case), run_derivatives(native, case))


@pytest.mark.usefixtures("always_tiles")
def test_equals_native_by_parts_of_the_batch(monkeypatch):
    """Two images at a time, of three."""
    monkeypatch.setattr(matrix_convolution, "CHUNK_BYTES", 2 * 6 * 6 * 4 * 3 * 3 * 4)
    case = (9, 2, 3, 3, 1, "SAME")
    made = run_derivatives(convolution.conv2d, case)
    assert_trees_close(made, run_derivatives(native_conv, case))


@pytest.mark.usefixtures("always_tiles")
def test_rounding(m):
    """Of value and gradients at a width of the papers' networks, against float64."""
    x, kernel, y = draw(0, 2, 16, 16, 192), draw(1, 3, 3, 192, 96) / 40, draw(2, 2, 16, 16, 96)
    window = Window((3, 3), 1, ((1, 1), (1, 1)), (16, 16))
    assert matrix_convolution.choose_tiles(window, (192, 96), 192, x).m == m
    made, pull = jax.vjp(convolution.conv2d, x, kernel)
    padded = np.pad(np.float64(x), [(0, 0), (1, 1), (1, 1), (0, 0)])
    seen = np.stack([padded[:, i : i + 16, j : j + 16] for i in range(3) for j in range(3)], axis=3)
    exact = np.einsum("bhwkc,kcd->bhwd", seen, np.float64(kernel).reshape(9, 192, 96))
    exact_grad = np.einsum("bhwkc,bhwd->kcd", seen, np.float64(y)).reshape(kernel.shape)
    for actual, expected in ((made, exact), (pull(y)[1], exact_grad)):
        assert np.abs(actual - expected).max() < ROUNDING[m] * np.abs(expected).max()


@pytest.mark.parametrize(
    ("window", "stride", "size", "channels", "dtype", "expected"),
    [
        (3, 1, 32, (96, 96), jnp.float32, 4),
        (3, 1, 6, (64, 64), jnp.float32, 2),  # tiles of 4x4 would reach far beyond the image
        (3, 1, 32, (3, 96), jnp.float32, None),  # too few channels for products to matter
        (3, 2, 32, (96, 96), jnp.float32, None),
        (4, 1, 32, (96, 96), jnp.float32, None),
        (1, 1, 32, (96, 96), jnp.float32, None),
        (3, 1, 32, (96, 96), jnp.bfloat16, None),
    ],
)
def test_choice(window, stride, size, channels, dtype, expected):
    geometry = Window((window, window), stride, ((1, 1), (1, 1)), (size, size))
    if window == 1:
        geometry = Window((1, 1), 1, ((0, 0), (0, 0)), (size, size))
    x = jnp.zeros((100, size, size, channels[0]), dtype)
    tiles = matrix_convolution.choose_tiles(geometry, channels, channels[0], x)
    assert (tiles and tiles.m) == expected


def test_fewer_operations_than_the_sum():
    """The compiled program of a 3x3 convolution does less than half of the sum's operations."""
    x, kernel = jnp.zeros((4, 16, 16, 64)), jnp.zeros((3, 3, 64, 64))
    if jax.default_backend() != "cpu":
        pytest.skip("other platforms run XLA's operator")

    def operations(fn):
        cost = jax.jit(fn).lower(x, kernel).compile().cost_analysis()
        return (cost[0] if isinstance(cost, list) else cost)["flops"]

    def direct(x, kernel):
        numbers = ("NHWC", "HWIO", "NHWC")
        return lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=numbers)

    assert operations(convolution.conv2d) < operations(direct) / 2

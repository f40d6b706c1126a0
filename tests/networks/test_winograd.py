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

FILTERS = [(2, 3), (4, 3), (3, 2), (4, 2)]  # m, r
ROUNDING = {4: 2e-6, 5: 1e-5, 6: 1e-5}  # n -> of float32, relative to the largest output


def use_tiles(monkeypatch, m, r):
    """Patches look dear, so that whatever may have tiles has those of m x m."""
    monkeypatch.setattr(matrix_convolution, "TILES", {r: (m,)})
    monkeypatch.setattr(matrix_convolution, "MOVE_PATCH", 10**6)


def draw(seed, *shape):
    return jnp.asarray(np.random.default_rng(seed).standard_normal(shape, np.float32))


@pytest.mark.parametrize(("m", "r"), FILTERS)
def test_one_tile_by_hand(m, r):
    """In one direction, whole numbers: y[i] = g[0] d[i] + ... + g[r-1] d[i+r-1]."""
    a, g, b = winograd._matrices(m, r)
    d, kernel = np.arange(1.0, m + r) ** 2, np.array([1.0, -2.0, 3.0])[:r]
    y = a.T @ ((g @ kernel) * (b @ d))
    np.testing.assert_allclose(y, [d[i : i + r] @ kernel for i in range(m)], rtol=1e-12)


@pytest.mark.parametrize(("m", "r", "products"), [(2, 3, 16), (4, 3, 36), (3, 2, 16), (4, 2, 25)])
def test_products_are_as_few_as_published(m, r, products):
    """n^2, where the window's sum takes m^2 r^2: 36, 144, 36 and 64."""
    assert Tiles(m, r, 1, 1).see(draw(0, 1, m + r - 1, m + r - 1, 1)).size == products


@pytest.mark.parametrize(("m", "r"), FILTERS)
def test_adjoints(m, r):
    tiles = Tiles(m, r, 2, 3)
    places, kernel = draw(0, tiles.n**2, 2 * 6, 5), draw(1, r, r, 4, 5)
    y, seen = draw(2, 2, *tiles.outputs, 5), draw(3, tiles.n**2, 4, 5)
    np.testing.assert_allclose(
        jnp.vdot(tiles.settle(places), y), jnp.vdot(places, tiles.settle_adjoint(y)), rtol=1e-4
    )
    np.testing.assert_allclose(
        jnp.vdot(tiles.kernel(kernel), seen),
        jnp.vdot(kernel, tiles.kernel_adjoint(seen)),
        rtol=1e-4,
    )


CONVS = [
    (9, 2, 3, 3, 1, "SAME"),
    (8, 3, 2, 3, 1, "VALID"),
    (5, 2, 3, 3, 1, ((0, 2), (1, 0))),
    (8, 3, 2, 2, 1, "VALID"),
    (7, 2, 3, 4, 2, "SAME"),
    (11, 2, 3, 4, 2, "VALID"),
    (6, 2, 3, 4, 2, ((0, 1), (2, 0))),
    (12, 2, 3, 6, 2, "SAME"),
]
UPCONVS = [
    (6, 3, 2, 3, 1, "VALID"),
    (7, 3, 2, 3, 1, "SAME"),
    (5, 3, 2, 2, 1, "VALID"),
    (7, 3, 2, 4, 2, "SAME"),
    (5, 2, 3, 6, 3, 2),
]
CASES = [
    pytest.param(operator, native, case, m, r, id=f"{operator.__name__}-{case}-{m}")
    for operator, native, cases in (
        (convolution.conv2d, native_conv, CONVS),
        (convolution.conv_transpose2d, native_conv_transpose, UPCONVS),
    )
    for case in cases
    for m, r in FILTERS
    if r == case[3] // case[4]  # the window's width over its stride
]


@pytest.mark.parametrize(("operator", "native", "case", "m", "r"), CASES)
def test_equals_native_to_second_order(operator, native, case, m, r, monkeypatch):
    """Tiles that fit the image and tiles that reach beyond it, with phases and without."""
    use_tiles(monkeypatch, m, r)
    assert_trees_close(run_derivatives(operator, case), run_derivatives(native, case))


@pytest.mark.parametrize(("m", "r"), FILTERS)
def test_equals_native_by_parts_of_the_batch(m, r, monkeypatch):
    """Two images at a time, of three."""
    use_tiles(monkeypatch, m, r)
    monkeypatch.setattr(matrix_convolution, "CHUNK_BYTES", 2 * 6 * 6 * 4 * 3 * 3 * 4)
    case = (9, 2, 3, 3, 1, "SAME") if r == 3 else (18, 2, 3, 4, 2, "SAME")
    made = run_derivatives(convolution.conv2d, case)
    assert_trees_close(made, run_derivatives(native_conv, case))


@pytest.mark.parametrize(("m", "r"), FILTERS)
def test_rounding(m, r, monkeypatch):
    """Of value and gradient in the kernel at a width of the papers' networks, against float64."""
    use_tiles(monkeypatch, m, r)
    stride = 1 if r == 3 else 2
    k, size = r * stride, 16 * stride
    x, kernel, y = draw(0, 2, size, size, 192), draw(1, k, k, 192, 96) / 40, draw(2, 2, 16, 16, 96)
    window = Window((k, k), stride, ((1, 1), (1, 1)), (size, size))
    assert matrix_convolution.choose_tiles(window, (192, 96), x).m == m
    made, pull = jax.vjp(lambda x, kernel: convolution.conv2d(x, kernel, stride), x, kernel)
    padded = np.pad(np.float64(x), [(0, 0), (1, 1), (1, 1), (0, 0)])
    last = 15 * stride + 1
    seen = [padded[:, i : i + last, j : j + last] for i in range(k) for j in range(k)]
    seen = np.stack([image[:, ::stride, ::stride] for image in seen], axis=3)
    exact = np.einsum("bhwkc,kcd->bhwd", seen, np.float64(kernel).reshape(k * k, 192, 96))
    exact_grad = np.einsum("bhwkc,bhwd->kcd", seen, np.float64(y)).reshape(kernel.shape)
    for actual, expected in ((made, exact), (pull(y)[1], exact_grad)):
        assert np.abs(actual - expected).max() < ROUNDING[m + r - 1] * np.abs(expected).max()


@pytest.mark.parametrize(
    ("window", "stride", "size", "channels", "dtype", "expected"),
    [
        (3, 1, 32, (96, 96), jnp.float32, 4),
        (3, 1, 6, (64, 64), jnp.float32, 2),  # tiles of 4x4 would reach far beyond the image
        (3, 1, 32, (3, 96), jnp.float32, None),  # too few channels for products to matter
        (3, 2, 32, (96, 96), jnp.float32, None),  # the stride does not divide the window
        (4, 2, 32, (128, 256), jnp.float32, 4),
        (4, 2, 28, (1, 64), jnp.float32, None),
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
    tiles = matrix_convolution.choose_tiles(geometry, channels, x)
    assert (tiles and tiles.m) == expected


def test_spread_has_tiles_without_a_stride_only():
    y = jnp.zeros((100, 16, 16, 256))
    for k, stride, tiled in ((3, 1, True), (4, 2, False)):
        window = Window((k, k), stride, ((1, 1), (1, 1)), (16 * stride, 16 * stride))
        tiles = matrix_convolution.choose_tiles(window, (256, 256), y, spreading=True)
        assert (tiles is not None) == tiled


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

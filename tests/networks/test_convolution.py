"""The convolutions against XLA's own operators and against numbers worked out by hand."""

import jax
import jax.export
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from aae_jax.networks import convolution, matrix_convolution
from aae_jax.networks.convolution import conv2d, conv_transpose2d
from tests.networks.native import (
    assert_trees_close,
    derivatives,
    draw,
    native_conv,
    native_conv_transpose,
    run_derivatives,
)

# image size, Cin, Cout, kernel, stride, padding: every kind of layer in the papers' tables (with
# fewer channels, and one size for each), and sizes, strides and paddings that leave pixels over.
CONVS = [
    (28, 1, 3, 2, 1, "VALID"),
    (27, 3, 2, 3, 2, "VALID"),
    (6, 3, 2, 3, 1, "VALID"),
    (4, 3, 5, 4, 1, "VALID"),
    (16, 3, 4, 3, 1, "SAME"),
    (6, 5, 4, 1, 1, "VALID"),
    (14, 3, 4, 4, 2, "SAME"),
    (7, 2, 3, 4, 2, "SAME"),
    (9, 2, 3, 5, 2, "SAME"),
    (10, 2, 3, 4, 2, "VALID"),
    (11, 2, 3, 4, 2, "VALID"),
    (8, 2, 3, 2, 3, "VALID"),
    (7, 2, 3, 1, 2, "SAME"),
    (6, 2, 3, 3, 2, 1),
    (3, 2, 3, 3, 1, 1),
    (6, 2, 3, 4, 2, ((0, 1), (2, 0))),
]
UPCONVS = [
    (1, 3, 4, 4, 1, "VALID"),
    (4, 3, 4, 3, 1, "VALID"),
    (6, 3, 2, 3, 2, "VALID"),
    (27, 3, 1, 2, 1, "VALID"),
    (13, 2, 2, 4, 2, "VALID"),
    (9, 2, 3, 5, 1, "VALID"),
    (7, 3, 2, 4, 2, "SAME"),
    (5, 2, 3, 5, 2, "SAME"),
    (5, 2, 3, 3, 2, "SAME"),
    (5, 2, 3, 3, 1, "SAME"),
    (5, 2, 3, 1, 1, "SAME"),
    (4, 2, 3, 2, 3, "SAME"),
    (5, 2, 3, 4, 2, 1),
    (5, 2, 3, 6, 3, 2),
    (1, 2, 3, 4, 1, 1),
]


CASES = [pytest.param(conv2d, native_conv, case, id=f"conv-{case}") for case in CONVS]
CASES += [
    pytest.param(conv_transpose2d, native_conv_transpose, case, id=f"upconv-{case}")
    for case in UPCONVS
]


def by_few_images(monkeypatch):
    """Makes patches of one or two images at a time; the third fills its part up with zeros."""
    monkeypatch.setattr(matrix_convolution, "CHUNK_BYTES", 2000)


@pytest.mark.parametrize(("operator", "native", "case"), CASES)
def test_equals_native_to_second_order(operator, native, case):
    assert_trees_close(run_derivatives(operator, case), run_derivatives(native, case))


@pytest.mark.parametrize(
    ("operator", "native", "case"),
    [
        (conv2d, native_conv, (6, 2, 3, 3, 1, "SAME")),
        (conv2d, native_conv, (7, 2, 3, 4, 2, "SAME")),
        (conv_transpose2d, native_conv_transpose, (5, 2, 3, 4, 2, "SAME")),
        (conv_transpose2d, native_conv_transpose, (4, 2, 3, 3, 2, "VALID")),
    ],
)
def test_equals_native_by_parts_of_the_batch(operator, native, case, monkeypatch):
    by_few_images(monkeypatch)
    assert "scan" in str(jax.make_jaxpr(lambda x, k: operator(x, k, *case[4:]))(*draw(*case[:4])))
    assert_trees_close(run_derivatives(operator, case), run_derivatives(native, case))


def test_kernel_gradient_is_differentiable_again():
    """The operator behind a kernel's gradient has gradients of its own (third operator)."""
    x, kernel = draw(6, 2, 3, 3)

    def penalty(operator, x, kernel):
        loss = lambda kernel: jnp.sum(jnp.tanh(operator(x, kernel, 2, "SAME")))  # noqa: E731
        return jnp.sum(jax.grad(loss)(kernel) ** 2)

    actual, expected = (
        jax.grad(penalty, (1, 2))(operator, x, kernel) for operator in (conv2d, native_conv)
    )
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5 * np.abs(b).max()),
        actual,
        expected,
    )


@pytest.mark.parametrize("parts", [False, True])
@pytest.mark.parametrize(
    ("operator", "case"),
    [(conv2d, (7, 2, 3, 4, 2, "SAME")), (conv_transpose2d, (4, 2, 3, 3, 2, "VALID"))],
)
def test_vmap_over_trials(operator, case, parts, monkeypatch):
    """Trials side by side are the trials one by one, images shared between trials or not."""
    if parts:
        by_few_images(monkeypatch)
    *sizes, stride, padding = case
    x, kernel = draw(*sizes, lead=(2,))
    run = jax.jit(lambda x, k: derivatives(lambda x, k: operator(x, k, stride, padding), x, k))
    for axes, images in (((0, 0), x), ((None, 0), x[0])):
        one_by_one = [run(images if axes[0] is None else x[i], kernel[i]) for i in range(2)]
        expected = jax.tree.map(lambda *trials: jnp.stack(trials), *one_by_one)
        assert_trees_close(jax.jit(jax.vmap(run, axes))(images, kernel), expected)


@pytest.mark.parametrize("parts", [False, True])
@pytest.mark.parametrize(
    ("operator", "case"),
    [(conv2d, (8, 2, 2, 3, 1, "SAME")), (conv_transpose2d, (4, 2, 2, 4, 2, "SAME"))],
)
def test_inside_scan_and_pmap(operator, case, parts, monkeypatch):
    """Gradient steps scanned, and mapped over a device, are the steps of a plain loop."""
    if parts:
        by_few_images(monkeypatch)
    *sizes, stride, padding = case
    x, kernel = draw(*sizes)

    @jax.jit
    def step(kernel):
        loss = lambda kernel: jnp.mean(operator(x, kernel, stride, padding) ** 2)  # noqa: E731
        return kernel - 0.01 * jax.grad(loss)(kernel)

    expected = step(step(step(kernel)))
    run = lambda kernel: lax.scan(lambda k, _: (step(k), None), kernel, length=3)[0]  # noqa: E731
    assert_trees_close(jax.jit(run)(kernel), expected)
    assert_trees_close(jax.pmap(run)(kernel[None])[0], expected)
    assert np.abs(expected - kernel).max() > 1e-3


def test_sizes_of_the_mnist_tables():
    """28 -> 27 -> 13 -> 6 -> 4 -> 1 and back, "Adversarially Learned Mixture Model" Tables 3-6."""

    def sizes(operator, size, layers):
        for width, stride in layers:
            x, kernel = jnp.zeros((2, size, size, 1)), jnp.zeros((width, width, 1, 1))
            shape = jax.eval_shape(lambda x, k, s=stride: operator(x, k, s, "VALID"), x, kernel)
            assert shape.shape == (2, shape.shape[1], shape.shape[1], 1)
            size = shape.shape[1]
            yield size

    down = ((2, 1), (3, 2), (3, 2), (3, 1), (4, 1))
    assert list(sizes(conv2d, 28, down)) == [27, 13, 6, 4, 1]
    up = ((4, 1), (3, 1), (3, 2), (3, 2), (2, 1))
    assert list(sizes(conv_transpose2d, 1, up)) == [4, 6, 13, 27, 28]


def test_values_by_hand():
    """One row of pixels, one kernel row: no flip in either direction."""
    x = jnp.asarray([1.0, 10.0, 100.0]).reshape(1, 1, 3, 1)
    kernel = jnp.asarray([1.0, 2.0]).reshape(1, 2, 1, 1)
    np.testing.assert_array_equal(conv2d(x, kernel, 1, "VALID").ravel(), [21.0, 210.0])
    np.testing.assert_array_equal(
        conv_transpose2d(x, kernel, 1, "VALID").ravel(), [1.0, 12.0, 120.0, 200.0]
    )
    np.testing.assert_array_equal(
        conv_transpose2d(x.reshape(1, 3, 1, 1), kernel.reshape(2, 1, 1, 1), 2, "SAME").ravel(),
        [1.0, 0.0, 2.0, 0.0, 10.0, 0.0, 20.0, 0.0, 100.0, 0.0, 200.0, 0.0],
    )


def test_transposed_is_the_adjoint_of_the_convolution():
    """<conv(x), y> = <x, conv_transpose(y)> with the kernel's channels swapped, as in PyTorch."""
    x, kernel = draw(14, 2, 3, 4)
    x = x[:, :14]
    y = jax.random.normal(jax.random.key(0), (3, 7, 7, 3))
    left = jnp.vdot(conv2d(x, kernel, 2, 1), y)
    right = jnp.vdot(x, conv_transpose2d(y, kernel.swapaxes(2, 3), 2, 1))
    np.testing.assert_allclose(left, right, rtol=1e-4)


def test_memory_is_bounded():
    """A batch whose patches would take 75 MB runs, with its gradients, in well under that."""
    if jax.default_backend() != "cpu":
        pytest.skip("other platforms run XLA's operator")
    x, kernel = jnp.zeros((64, 32, 32, 32)), jnp.zeros((3, 3, 32, 32))

    def step(x, kernel):
        return jax.grad(lambda x, k: jnp.sum(conv2d(x, k) ** 2), (0, 1))(x, kernel)

    temporary = jax.jit(step).lower(x, kernel).compile().memory_analysis().temp_size_in_bytes
    assert temporary < 4 * x.nbytes + 2 * matrix_convolution.CHUNK_BYTES


def test_non_cpu_platforms_run_the_native_operator(monkeypatch):
    """The branch for GPU and TPU, traced here: the same numbers, and a convolution in the trace."""
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    for operator, native, case in (
        (conv2d, native_conv, (7, 2, 3, 4, 2, "SAME")),
        (conv2d, native_conv, (7, 2, 3, 3, 2, 1)),
        (conv_transpose2d, native_conv_transpose, (5, 2, 3, 5, 2, "SAME")),
        (conv_transpose2d, native_conv_transpose, (5, 2, 3, 4, 2, 1)),
        (conv_transpose2d, native_conv_transpose, (4, 2, 3, 2, 3, "SAME")),
    ):
        *sizes, stride, padding = case
        x, kernel = draw(*sizes)
        run = lambda x, k, f=operator, s=stride, p=padding: f(x, k, s, p)  # noqa: E731
        assert "conv_general_dilated" in str(jax.make_jaxpr(run)(x, kernel))
        assert_trees_close(run(x, kernel), native(x, kernel, stride, padding))


@pytest.mark.parametrize(
    ("operator", "native", "case"),
    [
        (conv2d, native_conv, (7, 2, 3, 4, 2, "SAME")),
        (conv_transpose2d, native_conv_transpose, (5, 2, 3, 4, 2, 1)),
    ],
)
def test_portable_programs_hold_the_native_operator(operator, native, case):
    """On CPU too, and for a number of images that is not known."""
    *sizes, stride, padding = case
    x, kernel = draw(*sizes)
    run = lambda x: operator(x, kernel, stride, padding)  # noqa: E731
    n = jax.export.symbolic_shape("n")[0]
    unknown = jax.ShapeDtypeStruct((n, *x.shape[1:]), x.dtype)
    with convolution.portable():
        exported = jax.export.export(jax.jit(run))(unknown)
    assert "stablehlo.convolution" in exported.mlir_module()
    assert_trees_close(exported.call(x), native(x, kernel, stride, padding))
    assert "conv_general_dilated" not in str(jax.make_jaxpr(run)(x))  # and no longer afterwards


@pytest.mark.parametrize("operator", [conv2d, conv_transpose2d])
@pytest.mark.parametrize(
    ("x", "kernel", "stride", "padding", "words"),
    [
        ((4, 4, 2), (3, 3, 2, 5), 1, "VALID", r"\(4, 4, 2\)"),
        ((1, 4, 4, 2), (3, 3, 5), 1, "VALID", r"\(3, 3, 5\)"),
        ((1, 4, 4, 2), (3, 3, 3, 5), 1, "VALID", "2 channels, but the kernel reads 3"),
        ((1, 4, 4, 2), (3, 3, 2, 5), 0, "VALID", "stride"),
        ((1, 4, 4, 2), (3, 3, 2, 5), 1.5, "VALID", "stride"),
        ((1, 4, 4, 2), (3, 3, 2, 5), 1, "same", "'same'"),
        ((1, 4, 4, 2), (3, 3, 2, 5), 1, -1, "-1"),
        ((1, 4, 4, 2), (3, 3, 2, 5), 1, None, "None"),
    ],
)
def test_bad_input(operator, x, kernel, stride, padding, words):
    with pytest.raises(ValueError, match=words) as error:
        operator(jnp.zeros(x), jnp.zeros(kernel), stride, padding)
    message = str(error.value)
    assert message.startswith(operator.__name__)
    assert "\n" not in message


def test_windows_that_do_not_fit():
    with pytest.raises(ValueError, match="5x5 kernel does not fit a 4x4 image"):
        conv2d(jnp.zeros((1, 4, 4, 1)), jnp.zeros((5, 5, 1, 1)), 1, "VALID")
    with pytest.raises(ValueError, match="crops all of the output"):
        conv_transpose2d(jnp.zeros((1, 1, 1, 1)), jnp.zeros((4, 4, 1, 1)), 1, 2)

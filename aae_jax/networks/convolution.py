"""Convolution and transposed convolution of NHWC images, quick on CPU too.

On GPU and TPU these are XLA's own operators. On CPU, XLA is slow at the gradients of kernels, 1.5
to 20 times as slow as matrix products for convolutions and 6 to 95 times for transposed ones (jax
0.10), and on some machines at every convolution within `lax.scan`. So on CPU convolutions are
matrix products (`matrix_convolution.py`), except in `portable()`.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

import jax
from jax import lax

from aae_jax.networks import matrix_convolution
from aae_jax.networks.windows import Pads, Window

_NHWC = ("NHWC", "HWIO", "NHWC")

_PORTABLE: ContextVar[bool] = ContextVar("portable", default=False)


@contextlib.contextmanager
def portable() -> Iterator[None]:
    """Traces what follows with XLA's own operators, on CPU too.

    For programs that leave this machine: they run on any platform, and the number of images may be
    unknown, which chunks are made by.
    """
    token = _PORTABLE.set(True)
    try:
        yield
    finally:
        _PORTABLE.reset(token)


def _as_products() -> bool:
    """Whether convolutions become matrix products here."""
    return jax.default_backend() == "cpu" and not _PORTABLE.get()


def conv2d(
    x: jax.Array, kernel: jax.Array, stride: int = 1, padding: str | int | Pads = "SAME"
) -> jax.Array:
    """Convolution in the sense of neural networks (correlation: the kernel is not flipped).

    Equals `jax.lax.conv_general_dilated` with the same strides and padding.

    Args:
        x: images [B, H, W, Cin].
        kernel: [kh, kw, Cin, Cout].
        stride: step of the window, at least 1.
        padding: 'SAME' (output ceil(H / stride)), 'VALID' (none), the number of zeros on every
            side, or ((top, bottom), (left, right)).

    Returns:
        [B, H', W', Cout] with H' = (H + top + bottom - kh) // stride + 1, and W' alike.

    Raises:
        ValueError: ranks, channels, stride or padding do not fit.
    """
    _check("conv2d", x, kernel, stride)
    pads = _conv_pads(x.shape[1:3], kernel.shape[:2], stride, padding)
    if not _as_products():
        return lax.conv_general_dilated(x, kernel, (stride, stride), pads, dimension_numbers=_NHWC)
    return matrix_convolution.correlate(
        Window(kernel.shape[:2], stride, pads, x.shape[1:3]), x, kernel
    )


def conv_transpose2d(
    x: jax.Array, kernel: jax.Array, stride: int = 1, padding: str | int = "VALID"
) -> jax.Array:
    """Transposed convolution: y[i * stride + a - crop] += x[i] @ kernel[a], per direction.

    It is the gradient, with respect to its input, of the convolution of the same stride and
    padding whose kernel is this one with Cin and Cout swapped; PyTorch's conv_transpose2d is the
    same. `jax.lax.conv_transpose(x, kernel[::-1, ::-1], (stride, stride), padding)` equals it for
    'SAME', and for 'VALID' where the kernel is at least as wide as the stride (else XLA appends
    stride - k more zeros): lax and Flax flip the kernel in both directions.

    Args:
        x: images [B, H, W, Cin].
        kernel: [kh, kw, Cin, Cout].
        stride: distance between the places of two neighbouring pixels, at least 1.
        padding: 'VALID' (output (H - 1) * stride + kh), 'SAME' (output H * stride), or the number
            of pixels cropped from every side of the VALID output.

    Returns:
        [B, H', W', Cout].

    Raises:
        ValueError: ranks, channels, stride or padding do not fit.
    """
    _check("conv_transpose2d", x, kernel, stride)
    window = kernel.shape[:2]
    crops = _transpose_crops(window, stride, padding)
    size = tuple(
        (n - 1) * stride + k - lo - hi
        for n, k, (lo, hi) in zip(x.shape[1:3], window, crops, strict=True)
    )
    if min(size) < 1:
        raise ValueError(
            f"conv_transpose2d: padding {padding!r} crops all of the output of a "
            f"{window[0]}x{window[1]} kernel, stride {stride}, on a {x.shape[1]}x{x.shape[2]} image"
        )
    if not _as_products():
        return lax.conv_general_dilated(
            x,
            kernel[::-1, ::-1],
            (1, 1),
            tuple((k - 1 - lo, k - 1 - hi) for k, (lo, hi) in zip(window, crops, strict=True)),
            lhs_dilation=(stride, stride),
            dimension_numbers=_NHWC,
        )
    return matrix_convolution.spread(Window(window, stride, crops, size), x, kernel.swapaxes(2, 3))


def _conv_pads(
    size: tuple[int, int], window: tuple[int, int], stride: int, padding: str | int | Pads
) -> Pads:
    if padding == "VALID":
        pads = ((0, 0), (0, 0))
    elif padding == "SAME":
        totals = [
            max((-(-n // stride) - 1) * stride + k - n, 0)
            for n, k in zip(size, window, strict=True)
        ]
        pads = tuple((t // 2, t - t // 2) for t in totals)
    elif isinstance(padding, int) and padding >= 0:
        pads = ((padding, padding), (padding, padding))
    else:
        pads = _pairs(padding)
    if any(n + lo + hi < k for n, k, (lo, hi) in zip(size, window, pads, strict=True)):
        raise ValueError(
            f"conv2d: a {window[0]}x{window[1]} kernel does not fit a {size[0]}x{size[1]} image "
            f"with padding {padding!r}"
        )
    return pads


def _pairs(padding: Pads) -> Pads:
    try:
        (top, bottom), (left, right) = padding
        if min(top, bottom, left, right) >= 0:
            return ((int(top), int(bottom)), (int(left), int(right)))
    except (TypeError, ValueError):
        pass
    raise ValueError(
        "conv2d: padding must be 'SAME', 'VALID', a number of pixels or ((top, bottom), "
        f"(left, right)), none negative; got {padding!r}"
    )


def _transpose_crops(window: tuple[int, int], stride: int, padding: str | int) -> Pads:
    if padding == "VALID":
        return ((0, 0), (0, 0))
    if padding == "SAME":  # k < stride: the last stride - k pixels stay zero
        lows = [max(k - stride, 0) // 2 for k in window]
        return tuple((lo, k - stride - lo) for lo, k in zip(lows, window, strict=True))
    if isinstance(padding, int) and padding >= 0:
        return ((padding, padding), (padding, padding))
    raise ValueError(
        f"conv_transpose2d: padding must be 'SAME', 'VALID' or a number of pixels; got {padding!r}"
    )


def _check(name: str, x: jax.Array, kernel: jax.Array, stride: int) -> None:
    if x.ndim != 4 or kernel.ndim != 4:
        raise ValueError(
            f"{name}: x must be [batch, height, width, channels] and kernel [height, width, in, "
            f"out]; got shapes {x.shape} and {kernel.shape}"
        )
    if x.shape[-1] != kernel.shape[2]:
        raise ValueError(
            f"{name}: x has {x.shape[-1]} channels, but the kernel reads {kernel.shape[2]}"
        )
    if not isinstance(stride, int) or stride < 1:
        raise ValueError(f"{name}: stride must be a whole number, at least 1; got {stride!r}")

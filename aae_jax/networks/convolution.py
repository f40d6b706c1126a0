"""Convolution and transposed convolution of NHWC images, quick on CPU too.

On GPU and TPU these are XLA's own operators. On CPU, XLA is slow at the gradients of transposed
convolutions and, within `lax.scan`, at every convolution; matrix products suffer from neither. So
on CPU three operators, each linear in each of its two arguments, are written as one matrix product
and its data movement:

    correlate(x, kernel) = patches(x) @ kernel                what the window sees at each output
    spread(y, kernel)    = overlap_add(y @ kernel^T)          adjoint of correlate in x
    kernel_grad(x, y)    = patches(x)^T @ y                   adjoint of correlate in kernel

The gradients of any one are the other two, and that is how they are differentiated: to any order,
in reverse mode (`jax.jvp` and `jax.jacfwd` do not pass, on CPU). Patches are recomputed, not kept.
The rules, all decided by static shapes:

- A 1x1 window, or one as large as the image, is a plain matrix product: no data moves.
- Patches beyond `CHUNK_BYTES` are made for a part of the batch at a time, and trials under `vmap`
  take turns. It bounds memory (350 MB otherwise for a hundred 32x32x96 images and a 3x3 window),
  and small buffers, which the allocator keeps, are filled several times quicker than fresh ones.
- Overlapping pieces are added phase by phase where the stride divides the window (4x4, stride 2: 4
  to 6 times quicker), else each is padded to the image and added (2 to 3 times quicker).

Processor time of XLA's operator over this one's, batch 100, at the sizes of "Adversarially Learned
Mixture Model" and of DCGAN, for value and both gradients: transposed convolutions 3 to 26 (value
alone 0.9 to 10), convolutions 0.8 to 4.5 (value alone 0.6 to 2). Gradient of a penalty on the
input's gradient: convolutions 1 to 14, transposed 0.7 to 1. Four trials under `vmap`: 2 to 3.
`lax.scan` does not slow this one down.
"""

import contextlib
import math
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

import jax
import jax.custom_batching
import jax.numpy as jnp
from jax import lax

CHUNK_BYTES = 8 * 2**20

Pads = tuple[tuple[int, int], tuple[int, int]]

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
    return _correlate(_Window(kernel.shape[:2], stride, pads, x.shape[1:3]), x, kernel)


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
    return _spread(_Window(window, stride, crops, size), x, kernel.swapaxes(2, 3))


@dataclass(frozen=True)
class _Window:
    """How a convolution's window moves over its image (the larger side, for both operators)."""

    window: tuple[int, int]
    stride: int
    pads: Pads  # zeros around the image; negative: a transposed kernel below its stride
    size: tuple[int, int]  # of the image

    @property
    def places(self) -> tuple[int, int]:
        """Number of places the window takes: the size of the smaller side."""
        return tuple(
            (n + lo + hi - k) // self.stride + 1
            for n, k, (lo, hi) in zip(self.size, self.window, self.pads, strict=True)
        )

    @property
    def plain(self) -> bool:
        """Whether patches are the image itself, merely reshaped."""
        pointwise = self.window == (1, 1) and self.stride == 1
        return self.pads == ((0, 0), (0, 0)) and (pointwise or self.window == self.size)

    def patches(self, x: jax.Array) -> jax.Array:
        """[B, *size, C] -> [B, *places, kh*kw*C]: what the window sees at every place."""
        rows, columns = self.places
        if self.plain:
            return x.reshape(x.shape[0], rows, columns, -1)
        x = _pad(x, [(lo, hi, 0) for lo, hi in self.pads])
        s = self.stride
        seen = [
            x[:, i : i + (rows - 1) * s + 1 : s, j : j + (columns - 1) * s + 1 : s]
            for i in range(self.window[0])
            for j in range(self.window[1])
        ]
        return jnp.concatenate(seen, axis=-1)

    def overlap_add(self, patches: jax.Array) -> jax.Array:
        """[B, *places, kh*kw*C] -> [B, *size, C]: the adjoint of `patches`."""
        (kh, kw), s = self.window, self.stride
        batch, rows, columns, _ = patches.shape
        if self.plain:
            return patches.reshape(batch, *self.size, -1)
        if s > 1 and kh % s == 0 and kw % s == 0:
            return self._add_phases(patches)
        channels = patches.shape[-1] // (kh * kw)
        total = 0
        for n in range(kh * kw):
            edges = [
                (at - lo, size + lo - at - (places - 1) * s - 1, s - 1)
                for at, (lo, _), size, places in zip(
                    divmod(n, kw), self.pads, self.size, (rows, columns), strict=True
                )
            ]
            total += _pad(patches[..., n * channels : (n + 1) * channels], edges)
        return total

    def _add_phases(self, patches: jax.Array) -> jax.Array:
        # Kernel row i*s + r of place p falls on image row (p + i)*s + r: shift by i whole strides,
        # add, and let the phases r interleave by a transpose instead of by dilation.
        (kh, kw), s = self.window, self.stride
        batch, rows, columns, _ = patches.shape
        patches = patches.reshape(batch, rows, columns, kh // s, s, kw // s, s, -1)
        total = 0
        for i in range(kh // s):
            for j in range(kw // s):
                edges = [(i, kh // s - 1 - i, 0), (j, kw // s - 1 - j, 0)]
                total += _pad(patches[:, :, :, i, :, j], edges)
        rows, columns = total.shape[1:3]
        full = total.transpose(0, 1, 3, 2, 4, 5).reshape(batch, rows * s, columns * s, -1)
        edges = [
            (-lo, lo + size - n * s, 0)
            for (lo, _), size, n in zip(self.pads, self.size, (rows, columns), strict=True)
        ]
        return _pad(full, edges)

    def by_chunks(self, fn: Callable, image_channels: int, *arrays: jax.Array) -> jax.Array:
        """Stacks fn(*chunks) of equal parts of the batch (the last filled up with zeros)."""
        batch = arrays[0].shape[0]
        example = math.prod(self.places + self.window) * image_channels * arrays[0].dtype.itemsize
        parts = min(batch, -(-batch * example // CHUNK_BYTES))
        if self.plain or parts <= 1:
            return fn(*arrays)[None]
        chunk = -(-batch // parts)
        parts = -(-batch // chunk)
        filled = [
            jnp.pad(a, [(0, parts * chunk - batch)] + [(0, 0)] * (a.ndim - 1)) for a in arrays
        ]
        return lax.map(
            lambda chunks: fn(*chunks), [a.reshape(parts, chunk, *a.shape[1:]) for a in filled]
        )


def _trials_in_turn(operator: Callable) -> Callable:
    """Under `vmap`, takes trials one after the other, so that chunks stay as small as planned."""

    def run(window: _Window, a: jax.Array, b: jax.Array) -> jax.Array:
        if window.plain:
            return operator(window, a, b)
        return jax.custom_batching.sequential_vmap(partial(operator, window))(a, b)

    return run


def _unite(chunks: jax.Array, batch: int) -> jax.Array:
    return chunks.reshape(-1, *chunks.shape[2:])[:batch]


@partial(jax.custom_vjp, nondiff_argnums=(0,))
@_trials_in_turn
def _correlate(window: _Window, x: jax.Array, kernel: jax.Array) -> jax.Array:
    """x [B, *size, C], kernel [kh, kw, C, D] -> y [B, *places, D]."""
    matrix = kernel.reshape(-1, kernel.shape[-1])

    def part(x: jax.Array) -> jax.Array:
        patches = window.patches(x)
        y = patches.reshape(-1, patches.shape[-1]) @ matrix
        return y.reshape(*patches.shape[:-1], -1)

    return _unite(window.by_chunks(part, x.shape[-1], x), x.shape[0])


@partial(jax.custom_vjp, nondiff_argnums=(0,))
@_trials_in_turn
def _spread(window: _Window, y: jax.Array, kernel: jax.Array) -> jax.Array:
    """y [B, *places, D], kernel [kh, kw, C, D] -> x [B, *size, C]."""
    matrix = kernel.reshape(-1, kernel.shape[-1]).T

    def part(y: jax.Array) -> jax.Array:
        patches = y.reshape(-1, y.shape[-1]) @ matrix
        return window.overlap_add(patches.reshape(*y.shape[:-1], -1))

    return _unite(window.by_chunks(part, kernel.shape[2], y), y.shape[0])


@partial(jax.custom_vjp, nondiff_argnums=(0,))
@_trials_in_turn
def _kernel_grad(window: _Window, x: jax.Array, y: jax.Array) -> jax.Array:
    """x [B, *size, C], y [B, *places, D] -> kernel [kh, kw, C, D]."""

    def part(x: jax.Array, y: jax.Array) -> jax.Array:
        patches = window.patches(x)
        return patches.reshape(-1, patches.shape[-1]).T @ y.reshape(-1, y.shape[-1])

    matrix = window.by_chunks(part, x.shape[-1], x, y).sum(axis=0)
    return matrix.reshape(*window.window, x.shape[-1], y.shape[-1])


def _keep(operator: Callable) -> Callable:
    """Forward pass of a bilinear operator: its gradients need nothing but its arguments."""
    return lambda window, a, b: (operator(window, a, b), (a, b))


_correlate.defvjp(
    _keep(_correlate),
    lambda window, kept, y: (_spread(window, y, kept[1]), _kernel_grad(window, kept[0], y)),
)
_spread.defvjp(
    _keep(_spread),
    lambda window, kept, x: (_correlate(window, x, kept[1]), _kernel_grad(window, x, kept[0])),
)
_kernel_grad.defvjp(
    _keep(_kernel_grad),
    lambda window, kept, kernel: (
        _spread(window, kept[1], kernel),
        _correlate(window, kept[0], kernel),
    ),
)


def _pad(x: jax.Array, edges: list[tuple[int, int, int]]) -> jax.Array:
    """Pads axes 1 and 2 by (low, high, between); negative low and high crop."""
    other = [(0, 0, 0)] * (x.ndim - 3)
    return lax.pad(x, jnp.zeros((), x.dtype), [(0, 0, 0), *edges, *other])


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

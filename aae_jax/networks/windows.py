"""How a convolution's window moves over an image, and what it sees there."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import lax

Pads = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Window:
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
        x = pad(x, [(lo, hi, 0) for lo, hi in self.pads])
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
            total += pad(patches[..., n * channels : (n + 1) * channels], edges)
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
                total += pad(patches[:, :, :, i, :, j], edges)
        rows, columns = total.shape[1:3]
        full = total.transpose(0, 1, 3, 2, 4, 5).reshape(batch, rows * s, columns * s, -1)
        edges = [
            (-lo, lo + size - n * s, 0)
            for (lo, _), size, n in zip(self.pads, self.size, (rows, columns), strict=True)
        ]
        return pad(full, edges)

    @property
    def adjoint(self) -> "Window":
        """For stride 1: the window under which the turned kernel spreads what this one gathers."""
        pads = tuple(
            (k - 1 - lo, k - 1 - hi) for k, (lo, hi) in zip(self.window, self.pads, strict=True)
        )
        return Window(self.window, 1, pads, self.places)


def pad(x: jax.Array, edges: list[tuple[int, int, int]]) -> jax.Array:
    """Pads axes 1 and 2 by (low, high, between); negative low and high crop."""
    other = [(0, 0, 0)] * (x.ndim - 3)
    return lax.pad(x, jnp.zeros((), x.dtype), [(0, 0, 0), *edges, *other])

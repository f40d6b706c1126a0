"""How a convolution's window moves over an image, and what it sees there.

Where the stride s divides the window, the window sees s x s images of their own, the *phases*: the
pixels whose places agree modulo s. Over the phases, taken as channels, it moves by one.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import lax

Pads = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Window:
    """How a convolution's window moves over its image (the larger side, whatever the operator)."""

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
        if self.has_phases:
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
        # Kernel row i*s + r of place p falls on row p + i of phase r: shift and add.
        (rows, columns), s = self.phased.window, self.stride
        patches = patches.reshape(*patches.shape[:3], rows, s, columns, s, -1)
        total = 0
        for i in range(rows):
            for j in range(columns):
                edges = [(i, rows - 1 - i, 0), (j, columns - 1 - j, 0)]
                total += pad(patches[:, :, :, i, :, j], edges)
        batch, rows, columns = total.shape[:3]
        x = total.transpose(0, 1, 3, 2, 4, 5).reshape(batch, rows * s, columns * s, -1)
        return pad(x, [(-lo, -hi, 0) for lo, hi in self._phase_pads])

    @property
    def has_phases(self) -> bool:
        """Whether the stride divides the window, and is more than 1."""
        return self.stride > 1 and all(k % self.stride == 0 for k in self.window)

    @property
    def phased(self) -> "Window":
        """The same window over the phases."""
        window = tuple(k // self.stride for k in self.window)
        size = tuple(n + k - 1 for n, k in zip(self.places, window, strict=True))
        return Window(window, 1, ((0, 0), (0, 0)), size)

    @property
    def _phase_pads(self) -> list[tuple[int, int]]:
        """Zeros around the image that make its phases equally large; rows never seen are cut."""
        return [
            (lo, whole * self.stride - n - lo)
            for (lo, _), n, whole in zip(self.pads, self.size, self.phased.size, strict=True)
        ]

    def phases(self, x: jax.Array) -> jax.Array:
        """[B, *size, C] -> [B, *phased.size, s*s*C]."""
        (rows, columns), s = self.phased.size, self.stride
        x = pad(x, [(lo, hi, 0) for lo, hi in self._phase_pads])
        x = x.reshape(-1, rows, s, columns, s, x.shape[-1])
        return x.transpose(0, 1, 3, 2, 4, 5).reshape(-1, rows, columns, s * s * x.shape[-1])

    def kernel_phases(self, kernel: jax.Array) -> jax.Array:
        """[kh, kw, C, D] -> [*phased.window, s*s*C, D]: the kernel over the phases."""
        (rows, columns), s = self.phased.window, self.stride
        kernel = kernel.reshape(rows, s, columns, s, *kernel.shape[2:])
        return kernel.transpose(0, 2, 1, 3, 4, 5).reshape(rows, columns, -1, kernel.shape[-1])

    def unite_kernel(self, phases: jax.Array) -> jax.Array:
        """The inverse of `kernel_phases`."""
        (rows, columns), s = self.phased.window, self.stride
        kernel = phases.reshape(rows, columns, s, s, -1, phases.shape[-1])
        return kernel.transpose(0, 2, 1, 3, 4, 5).reshape(*self.window, -1, phases.shape[-1])

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

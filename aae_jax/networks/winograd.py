"""Correlation with fewer multiplications: Winograd's minimal filtering F(m x m, r x r).

A tile of m x m outputs of a correlation with an r x r kernel, stride 1, needs n^2 products for each
pair of channels, n = m + r - 1, where the sum over the window takes m^2 r^2: a quarter for tiles of
4x4 and a window of 3x3. In one direction, with d the n inputs that a tile sees, g the kernel and y
the m outputs,

    y = A^T [(G g) * (B^T d)]          * is the product of numbers, place by place

and in two directions each matrix is applied along rows and along columns, * being a matrix product
over the channels. The gradient with respect to the kernel takes the same three matrices:

    g' = G^T [sum over tiles (B^T d) * (A y')]

A, G and B come from multiplying polynomials by their values at n points (Toom and Cook), the last
of them infinity. Rounding grows with n: with the points below, float32 keeps errors within 1e-5 of
the largest output for n = 5 and 6, and within 2e-6 for n = 4.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

# n -> its finite points. A half beside minus two rounds half as much as two beside minus two.
_POINTS = {4: (0, 1, -1), 5: (0, 1, -1, -0.5), 6: (0, 1, -1, 0.5, -2)}


@functools.cache
def _matrices(m: int, r: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A (n, m), G (n, r) and B^T (n, n)."""
    n = m + r - 1

    def values(terms: int) -> np.ndarray:
        """Of a polynomial with so many coefficients, at each point."""
        at_infinity = np.eye(terms)[-1]
        return np.stack([*(np.power(float(p), np.arange(terms)) for p in _POINTS[n]), at_infinity])

    inputs = np.linalg.inv(values(n)).T
    inputs[np.abs(inputs) < 1e-9] = 0
    # A row of B^T may be scaled if that of G is scaled back; small whole numbers spare products.
    size = np.array([np.abs(row[row != 0]).min() for row in inputs])[:, None]
    return values(m), values(r) * size, inputs / size


def _combine(matrix: np.ndarray, parts: Sequence[jax.Array]) -> list[jax.Array]:
    """matrix @ parts, without its zeros."""
    return [
        functools.reduce(
            jnp.add,
            [
                part if weight == 1 else float(weight) * part
                for weight, part in zip(row, parts, strict=True)
                if weight
            ],
        )
        for row in matrix
    ]


@dataclass(frozen=True)
class Tiles:
    """A grid of rows x columns tiles of m x m outputs under an r x r window.

    Attributes:
        m: outputs of a tile in each direction.
        r: width of the window.
        rows: tiles from top to bottom.
        columns: tiles from left to right.
    """

    m: int
    r: int
    rows: int
    columns: int

    @staticmethod
    def over(places: tuple[int, int], m: int, r: int) -> "Tiles":
        """The tiles that cover so many rows and columns of outputs."""
        return Tiles(m, r, *(-(-size // m) for size in places))

    @property
    def n(self) -> int:
        """Inputs that a tile sees, in each direction."""
        return self.m + self.r - 1

    @property
    def outputs(self) -> tuple[int, int]:
        """Rows and columns of outputs."""
        return self.rows * self.m, self.columns * self.m

    @property
    def inputs(self) -> tuple[int, int]:
        """Rows and columns of inputs."""
        return tuple(size + self.r - 1 for size in self.outputs)

    def kernel(self, kernel: jax.Array) -> jax.Array:
        """G g G^T: (r, r, C, D) -> (n^2, C, D)."""
        seen = self._kernel_values(kernel) @ kernel.reshape(self.r**2, -1)
        return seen.reshape(self.n**2, *kernel.shape[2:])

    def kernel_adjoint(self, seen: jax.Array) -> jax.Array:
        """Adjoint of `kernel`: (n^2, C, D) -> (r, r, C, D)."""
        kernel = self._kernel_values(seen).T @ seen.reshape(self.n**2, -1)
        return kernel.reshape(self.r, self.r, *seen.shape[1:])

    def _kernel_values(self, like: jax.Array) -> jax.Array:
        """G in both directions at once, (n^2, r^2)."""
        g = _matrices(self.m, self.r)[1]
        return jnp.asarray(np.kron(g, g), like.dtype)

    def see(self, x: jax.Array) -> jax.Array:
        """B^T d B of each tile: (B, *inputs, C) -> (n^2, B * tiles, C)."""
        b = _matrices(self.m, self.r)[2]
        last_row, last_column = (self.rows - 1) * self.m + 1, (self.columns - 1) * self.m + 1
        seen = [x[:, i : i + last_row : self.m] for i in range(self.n)]
        down = jnp.stack(_combine(b, seen))
        seen = [down[:, :, :, j : j + last_column : self.m] for j in range(self.n)]
        return jnp.stack(_combine(b, seen), axis=1).reshape(self.n**2, -1, x.shape[-1])

    def settle(self, places: jax.Array) -> jax.Array:
        """A^T (...) A of each tile: (n^2, B * tiles, D) -> (B, *outputs, D)."""
        a = _matrices(self.m, self.r)[0].T
        shape = (self.n, self.n, -1, self.rows, self.columns, places.shape[-1])
        places = places.reshape(shape)
        across = jnp.stack(_combine(a, [places[:, q] for q in range(self.n)]), axis=-2)
        y = jnp.stack(_combine(a, list(across)), axis=2)  # B, rows, m, columns, m, D
        return y.reshape(y.shape[0], *self.outputs, -1)

    def settle_adjoint(self, y: jax.Array) -> jax.Array:
        """Adjoint of `settle`: (B, *outputs, D) -> (n^2, B * tiles, D)."""
        a = _matrices(self.m, self.r)[0]
        y = y.reshape(y.shape[0], self.rows, self.m, self.columns, self.m, -1)
        down = jnp.stack(_combine(a, [y[:, :, i] for i in range(self.m)]))
        across = _combine(a, [down[..., j, :] for j in range(self.m)])
        return jnp.stack(across, axis=1).reshape(self.n**2, -1, y.shape[-1])

"""Convolutions as matrix products: three operators, each the gradient of the others.

    correlate(x, kernel) = patches(x) @ kernel                what the window sees at each output
    spread(y, kernel)    = overlap_add(y @ kernel^T)          adjoint of correlate in x
    kernel_grad(x, y)    = patches(x)^T @ y                   adjoint of correlate in kernel

Each is linear in each of its two arguments, and the gradients of any one are the other two. That is
how they are differentiated: to any order, in reverse mode (`jax.jvp` and `jax.jacfwd` do not pass).
What an operator needs besides its arguments is recomputed, not kept. Static shapes decide:

- A 1x1 window, or one as large as the image, is a plain matrix product: no data moves.
- A window of stride 1 takes minimal filtering (`winograd.py`) where that is quicker. So does one
  that its stride divides, over the phases of its image; not in `spread`, where tiles would have to
  cover the edges of the phases too, and took 0.8 to 2 times as long as patches.
- What a part of the batch needs at a time is kept within `CHUNK_BYTES`, so that it stays in cache,
  and trials under `vmap` take turns. It bounds memory (350 MB otherwise for the patches of a
  hundred 32x32x96 images and a 3x3 window), and takes 0.65 to 1.1 of the time of parts four times
  as large.
- Overlapping pieces are added phase by phase where the stride divides the window (4x4, stride 2: 4
  to 6 times quicker), else each is padded to the image and added (2 to 3 times quicker).
"""

import math
from collections.abc import Callable
from functools import partial

import jax
import jax.custom_batching
import jax.numpy as jnp
from jax import lax

from aae_jax.networks.windows import Window, pad
from aae_jax.networks.winograd import Tiles

CHUNK_BYTES = 2 * 2**20

# Width of a window -> outputs of a tile, in each direction, that minimal filtering may take.
TILES = {2: (3, 4), 3: (2, 4)}

# Multiplications in whose time a number of the patches, or of the tiles, is made and read.
MOVE_PATCH, MOVE_TILE = 16, 32


def choose_tiles(
    window: Window, channels: tuple[int, int], a: jax.Array, *, spreading: bool = False
) -> Tiles | None:
    """The tiles by which minimal filtering is quickest; None where patches are quicker.

    With a stride, they are tiles over the phases of the image.

    Args:
        window: of the operator.
        channels: C of the image and D of what the window makes of it.
        a: an argument of the operator, which leads with the batch. In bfloat16 it always has
            patches, since filtering would round it too much.
        spreading: whether the operator is `spread`.
    """
    patches = math.prod(window.places + window.window) * channels[0]
    costs: dict[Tiles | None, float] = {None: a.shape[0] * patches * (channels[1] + MOVE_PATCH)}
    if window.plain or jnp.finfo(a.dtype).bits < 32:
        return None
    if window.stride > 1:
        if spreading or not window.has_phases:
            return None
        channels = channels[0] * window.stride**2, channels[1]
        window = window.phased
    elif spreading:
        window = window.adjoint
    r, width = window.window
    if r != width:
        return None
    product = math.prod(channels)
    for m in TILES.get(r, ()):
        tiles = Tiles.over(window.places, m, r)
        tile = product + MOVE_TILE * sum(channels)
        costs[tiles] = tiles.n**2 * (
            a.shape[0] * tiles.rows * tiles.columns * tile + MOVE_TILE * product
        )
    return min(costs, key=costs.__getitem__)


def _padded(window: Window, tiles: Tiles, x: jax.Array) -> jax.Array:
    """The image with its zeros and those that fill up the last tiles."""
    edges = [
        (lo, whole - n - lo, 0)
        for n, (lo, _), whole in zip(window.size, window.pads, tiles.inputs, strict=True)
    ]
    return pad(x, edges)


def _filled(tiles: Tiles, y: jax.Array) -> jax.Array:
    """Outputs with zeros that fill up the last tiles."""
    edges = [(0, whole - n, 0) for n, whole in zip(y.shape[1:3], tiles.outputs, strict=True)]
    return pad(y, edges)


def _count_parts(batch: int, example: int, shared: int = 0) -> int:
    """In how many parts a batch is worked on.

    Args:
        batch: number of examples.
        example: bytes made for one example.
        shared: bytes that each part reads besides; a part makes about as many.
    """
    most = min(batch, max(1, max(CHUNK_BYTES, shared) // example))
    # Parts that divide the batch spare a copy of it.
    even = max(size for size in range(1, most + 1) if batch % size == 0)
    return -(-batch // (even if 2 * even >= most else most))


def _count_patch_parts(window: Window, channels: int, a: jax.Array) -> int:
    """Parts by patches of an image with so many channels; `a` leads with the batch."""
    if window.plain:
        return 1
    example = math.prod(window.places + window.window) * channels * a.dtype.itemsize
    return _count_parts(a.shape[0], example)


def _count_tile_parts(tiles: Tiles, channels: tuple[int, int], a: jax.Array) -> int:
    """Parts by tiles, between so many channels; `a` leads with the batch."""
    place = tiles.n**2 * a.dtype.itemsize
    example = tiles.rows * tiles.columns * max(channels) * place
    return _count_parts(a.shape[0], example, shared=math.prod(channels) * place)


def _split(parts: int, arrays: tuple[jax.Array, ...]) -> list[jax.Array]:
    """Parts of one size, the last filled up with zeros."""
    size = -(-arrays[0].shape[0] // parts)
    return [
        jnp.pad(a, [(0, -a.shape[0] % size)] + [(0, 0)] * (a.ndim - 1)).reshape(
            -1, size, *a.shape[1:]
        )
        for a in arrays
    ]


def _map_parts(fn: Callable, parts: int, x: jax.Array) -> jax.Array:
    """fn(x), a part of the batch at a time."""
    if parts == 1:
        return fn(x)
    made = lax.map(fn, *_split(parts, (x,)))
    return made.reshape(-1, *made.shape[2:])[: x.shape[0]]


def _sum_products(
    left: Callable, right: Callable, parts: int, x: jax.Array, y: jax.Array
) -> jax.Array:
    """left(x)^T right(y) (..., C, D), matrices of many rows, a part of the batch at a time.

    The narrower one is transposed: where rows are 4 KiB apart, as those of 4x4x64 patches are,
    transposing them makes a product take twice the time.
    """
    a, b = jax.eval_shape(left, x), jax.eval_shape(right, y)
    turned = b.shape[-1] < a.shape[-1]

    def product(x: jax.Array, y: jax.Array) -> jax.Array:
        return right(y).mT @ left(x) if turned else left(x).mT @ right(y)

    if parts == 1:
        # Else XLA exchanges the factors of a product whose result is then transposed.
        total = lax.optimization_barrier(product(x, y))
    else:

        def add(total: jax.Array, part: list[jax.Array]) -> tuple[jax.Array, None]:
            return total + product(*part), None

        whole = jax.eval_shape(product, x, y)
        total, _ = lax.scan(add, jnp.zeros(whole.shape, whole.dtype), _split(parts, (x, y)))
    return total.mT if turned else total


def _trials_in_turn(operator: Callable) -> Callable:
    """Under `vmap`, takes trials one after the other, so that chunks stay as small as planned."""

    def run(window: Window, a: jax.Array, b: jax.Array) -> jax.Array:
        if window.plain:
            return operator(window, a, b)
        return jax.custom_batching.sequential_vmap(partial(operator, window))(a, b)

    return run


def _correlate_by_patches(window: Window, x: jax.Array, kernel: jax.Array) -> jax.Array:
    matrix = kernel.reshape(-1, kernel.shape[-1])

    def part(x: jax.Array) -> jax.Array:
        return window.patches(x) @ matrix

    return _map_parts(part, _count_patch_parts(window, kernel.shape[2], x), x)


def _correlate_by_tiles(window: Window, tiles: Tiles, x: jax.Array, kernel: jax.Array) -> jax.Array:
    matrices = tiles.kernel(kernel)

    def part(x: jax.Array) -> jax.Array:
        return tiles.settle(tiles.see(x) @ matrices)

    y = _map_parts(part, _count_tile_parts(tiles, kernel.shape[2:], x), _padded(window, tiles, x))
    return y[:, : window.places[0], : window.places[1]]


@partial(jax.custom_vjp, nondiff_argnums=(0,))
@_trials_in_turn
def correlate(window: Window, x: jax.Array, kernel: jax.Array) -> jax.Array:
    """x [B, *size, C], kernel [kh, kw, C, D] -> y [B, *places, D]."""
    tiles = choose_tiles(window, kernel.shape[2:], x)
    if tiles is None:
        return _correlate_by_patches(window, x, kernel)
    if window.stride > 1:
        x, kernel, window = window.phases(x), window.kernel_phases(kernel), window.phased
    return _correlate_by_tiles(window, tiles, x, kernel)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
@_trials_in_turn
def spread(window: Window, y: jax.Array, kernel: jax.Array) -> jax.Array:
    """y [B, *places, D], kernel [kh, kw, C, D] -> x [B, *size, C]."""
    tiles = choose_tiles(window, kernel.shape[2:], y, spreading=True)
    if tiles is not None:
        turned = kernel[::-1, ::-1].swapaxes(2, 3)
        return _correlate_by_tiles(window.adjoint, tiles, y, turned)
    matrix = kernel.reshape(-1, kernel.shape[-1]).T

    def part(y: jax.Array) -> jax.Array:
        return window.overlap_add(y @ matrix)

    return _map_parts(part, _count_patch_parts(window, kernel.shape[2], y), y)


def _kernel_grad_by_patches(window: Window, x: jax.Array, y: jax.Array) -> jax.Array:
    def rows(a: jax.Array) -> jax.Array:
        return a.reshape(-1, a.shape[-1])

    parts = _count_patch_parts(window, x.shape[-1], x)
    matrix = _sum_products(lambda x: rows(window.patches(x)), rows, parts, x, y)
    return matrix.reshape(*window.window, x.shape[-1], y.shape[-1])


def _kernel_grad_by_tiles(window: Window, tiles: Tiles, x: jax.Array, y: jax.Array) -> jax.Array:
    parts = _count_tile_parts(tiles, (x.shape[-1], y.shape[-1]), x)
    filled = _padded(window, tiles, x), _filled(tiles, y)
    return tiles.kernel_adjoint(_sum_products(tiles.see, tiles.settle_adjoint, parts, *filled))


@partial(jax.custom_vjp, nondiff_argnums=(0,))
@_trials_in_turn
def kernel_grad(window: Window, x: jax.Array, y: jax.Array) -> jax.Array:
    """x [B, *size, C], y [B, *places, D] -> kernel [kh, kw, C, D]."""
    tiles = choose_tiles(window, (x.shape[-1], y.shape[-1]), x)
    if tiles is None:
        return _kernel_grad_by_patches(window, x, y)
    if window.stride > 1:
        phases = _kernel_grad_by_tiles(window.phased, tiles, window.phases(x), y)
        return window.unite_kernel(phases)
    return _kernel_grad_by_tiles(window, tiles, x, y)


def _keep(operator: Callable) -> Callable:
    """Forward pass of a bilinear operator: its gradients need nothing but its arguments."""
    return lambda window, a, b: (operator(window, a, b), (a, b))


correlate.defvjp(
    _keep(correlate),
    lambda window, kept, y: (spread(window, y, kept[1]), kernel_grad(window, kept[0], y)),
)
spread.defvjp(
    _keep(spread),
    lambda window, kept, x: (correlate(window, x, kept[1]), kernel_grad(window, x, kept[0])),
)
kernel_grad.defvjp(
    _keep(kernel_grad),
    lambda window, kept, kernel: (
        spread(window, kept[1], kernel),
        correlate(window, kept[0], kernel),
    ),
)

"""What a train step needs to know of devices, trials and parts of a batch.

The step is written for one device's part of a batch. Inside `pmap` the axis `DEVICE` is bound, and
means and random draws are those of the global batch; outside, the same code is a one-device run.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np
from jax.experimental import multihost_utils

DEVICE = "device"


def axis_name() -> str | None:
    """`DEVICE` inside a function mapped over devices, None elsewhere."""
    try:
        jax.lax.axis_index(DEVICE)
    except NameError:
        return None
    return DEVICE


def mean(tree):  # noqa: ANN001, ANN201
    """Averages a pytree of floats over devices, in one message; the identity on one device."""
    if axis_name() is None or jax.lax.axis_size(DEVICE) == 1:
        return tree
    flat, unravel = jax.flatten_util.ravel_pytree(tree)
    return unravel(jax.lax.pmean(flat, DEVICE))


# Which part of how many this device's part of the batch is split into, while one is computed.
_PART: ContextVar[tuple[int | jax.Array, int]] = ContextVar("part", default=(0, 1))


@contextlib.contextmanager
def part_of_batch(index: int | jax.Array, parts: int) -> Iterator[None]:
    """Traces what follows for one of several equal parts of this device's examples."""
    token = _PART.set((index, parts))
    try:
        yield
    finally:
        _PART.reset(token)


def example_indices(n: int) -> jax.Array:
    """Places (n,) in the global batch of the n examples at hand."""
    device = jax.lax.axis_index(DEVICE) if axis_name() else 0
    part, parts = _PART.get()
    return (device * parts + part) * n + jnp.arange(n)


def example_keys(key: jax.Array, n: int) -> jax.Array:
    """One key for each of the n examples at hand, by its place in the global batch.

    Draws made from these keys do not depend on how many devices share the batch, so a run on
    eight devices is the run on one.

    Args:
        key: a scalar key, the same on every device.
        n: examples at hand.

    Returns:
        Keys of shape (n,).
    """
    return jax.vmap(jax.random.fold_in, (None, 0))(key, example_indices(n))


def of_another_example(x: jax.Array) -> jax.Array:
    """What belongs to another example of the batch, (n, ...), for each of the n examples at hand.

    It is the next one's in the global batch, and the first one's for the last, so that it does not
    depend on how many devices share the batch; of a batch in parts, another one's of the same part
    on this or the next device.
    """
    first = x[:1]
    if axis_name() and (devices := jax.lax.axis_size(DEVICE)) > 1:
        # Device i is sent the first row of device i + 1.
        first = jax.lax.ppermute(first, DEVICE, [((i + 1) % devices, i) for i in range(devices)])
    return jnp.concatenate([x[1:], first])


def trial_keys(seed: int, trials: int) -> tuple[jax.Array, jax.Array]:
    """Keys to initialise and to train with: scalars for one trial, else one per trial.

    Trial i is the run of seed + i alone.
    """

    def keys(seed: jax.Array) -> tuple[jax.Array, jax.Array]:
        init, train = jax.random.split(jax.random.key(seed))
        return init, train

    if trials == 1:
        return keys(jnp.asarray(seed))
    return jax.vmap(keys)(seed + jnp.arange(trials))


def agree(number: int) -> int:
    """The largest of the numbers that the processes give, to all of them; waits for all."""
    if jax.process_count() == 1:
        return number
    return int(multihost_utils.process_allgather(np.int32(number)).max())


def same(number: int) -> bool:
    """Whether all processes give the same number; waits for all."""
    return agree(number) == -agree(-number)


@jax.jit
def _all_finite(tree: Any) -> jax.Array:
    leaves = [leaf for leaf in jax.tree.leaves(tree) if jnp.issubdtype(leaf.dtype, jnp.floating)]
    return jnp.stack([jnp.isfinite(leaf).all() for leaf in leaves]).all()


def all_finite(tree: Any) -> bool:
    """Whether every floating-point number in a pytree is finite; waits for the devices."""
    return bool(_all_finite(tree))

"""Devices and trials: the only caller of `jax.pmap`.

The train step is written for one device's part of a batch. Inside `pmap` the axis `DEVICE` is
bound, and means and random draws are those of the global batch; outside, the same code is a
one-device run.
"""

from collections.abc import Callable
from typing import Any

import jax
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
    """Averages a pytree over devices; the identity outside `pmap`."""
    return jax.lax.pmean(tree, DEVICE) if axis_name() else tree


def example_indices(n: int) -> jax.Array:
    """Places (n,) in the global batch of this device's n examples."""
    first = jax.lax.axis_index(DEVICE) * n if axis_name() else 0
    return first + jnp.arange(n)


def example_keys(key: jax.Array, n: int) -> jax.Array:
    """One key for each of this device's n examples, by its place in the global batch.

    Draws made from these keys do not depend on how many devices share the batch, so a run on
    eight devices is the run on one.

    Args:
        key: a scalar key, the same on every device.
        n: examples on this device.

    Returns:
        Keys of shape (n,).
    """
    return jax.vmap(jax.random.fold_in, (None, 0))(key, example_indices(n))


def parallelize(step: Callable[..., Any], fetch: Callable[..., Any], trials: int) -> Callable:
    """Maps a train step over all devices, and over trials where there are several.

    Args:
        step: `step(state, batch, key) -> (state, metrics)` for one device and one trial.
        fetch: `fetch(arrays, item) -> batch`, turns what the data feed gives into a batch.
        trials: number of trials; above 1, states, keys and items carry a leading trial axis.

    Returns:
        `step(state, arrays, item, key) -> (state, metrics)`. The state, the arrays and the key are
        the same on every device, `item` has this process's devices as its first axis. The given
        state is donated.
    """

    def device_step(state: Any, arrays: Any, item: Any, key: jax.Array) -> Any:
        return step(state, fetch(arrays, item), key)

    if trials > 1:
        device_step = jax.vmap(device_step, in_axes=(0, None, 0, 0))
    return jax.pmap(
        device_step,
        axis_name=DEVICE,
        in_axes=(None, None, 0, None),
        out_axes=(None, None),
        donate_argnums=0,
    )


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


def replicate(tree: Any) -> Any:
    """Places a pytree, whole, on every device of every process; each process gives the same."""
    mesh = jax.sharding.Mesh(np.asarray(jax.devices()), (DEVICE,))
    everywhere = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())

    def place(leaf: Any) -> jax.Array:
        # Piece by piece, since device_put takes only a process's own devices.
        pieces = [jax.device_put(leaf, device) for device in jax.local_devices()]
        return jax.make_array_from_single_device_arrays(jnp.shape(leaf), everywhere, pieces)

    return jax.tree.map(place, tree)


def agree(number: int) -> int:
    """The largest of the numbers that the processes give, to all of them; waits for all."""
    return int(multihost_utils.process_allgather(np.int32(number)).max())


@jax.jit
def _all_finite(tree: Any) -> jax.Array:
    leaves = [leaf for leaf in jax.tree.leaves(tree) if jnp.issubdtype(leaf.dtype, jnp.floating)]
    return jnp.stack([jnp.isfinite(leaf).all() for leaf in leaves]).all()


def all_finite(tree: Any) -> bool:
    """Whether every floating-point number in a pytree is finite; waits for the devices."""
    return bool(_all_finite(tree))

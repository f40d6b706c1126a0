"""Makes three steps of the toy game on one device, on eight, and with the devices as a vmapped
axis: `XLA_FLAGS=--xla_force_host_platform_device_count=8 python -m tests.scripts.devices FILE`.

The file gets, for each way, the leaves of state and metrics; `pmap` has one for every device.
"""

import sys

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax import parallel
from aae_jax.state import init_state
from aae_jax.step import make_train_step
from tests import toy_game

DEVICES, BATCH, STEPS = 8, 16, 3


def trajectory(step, state, key, split):
    items = np.random.default_rng(0).random((STEPS, BATCH, 4, 4, 1), np.float32)
    for item in items:
        state, metrics = step(state, item.reshape(DEVICES, -1, 4, 4, 1) if split else item, key)
    return state, metrics


def main():
    assert jax.device_count() == DEVICES
    game = toy_game.game()
    init_key, key = parallel.trial_keys(0, 1)
    make = jax.jit(lambda: init_state(game, init_key, ema=True))
    step = make_train_step(game, ema_decay=0.5)
    results = {}

    one = jax.jit(lambda state, x, key: step(state, {"x": x}, key))
    results["one"] = trajectory(one, make(), key, split=False)

    vmapped = jax.jit(
        jax.vmap(
            lambda state, x, key: step(state, {"x": x}, key),
            in_axes=(None, 0, None),
            out_axes=None,
            axis_name=parallel.DEVICE,
        )
    )
    results["vmap"] = trajectory(vmapped, make(), key, split=True)

    pmapped = parallel.parallelize(step, lambda arrays, item: {"x": item}, trials=1)
    state, where = parallel.replicate((make(), key))
    state, metrics = trajectory(lambda s, x, k: pmapped(s, {}, x, k), state, where, split=True)
    results["pmap"] = jax.tree.map(
        lambda a: np.stack([np.asarray(shard.data) for shard in a.addressable_shards]),
        (state, metrics),
    )
    leaves = {
        f"{way}{jax.tree_util.keystr(path)}": np.asarray(leaf)
        for way, tree in results.items()
        for path, leaf in jax.tree.leaves_with_path(tree)
    }
    np.savez(sys.argv[1], **leaves)
    # The draws of an example, by its place in the global batch.
    keys = jax.vmap(
        lambda _: jax.random.key_data(parallel.example_keys(key, 2)), axis_name=parallel.DEVICE
    )(jnp.arange(DEVICES))
    alone = jax.random.key_data(parallel.example_keys(key, BATCH))
    np.testing.assert_array_equal(keys.reshape(alone.shape), alone)


if __name__ == "__main__":
    main()

"""Makes three steps of the toy game on one device, on eight, with the devices as a vmapped axis,
and with eight trials dealt out to eight devices:
`XLA_FLAGS=--xla_force_host_platform_device_count=8 python -m tests.scripts.devices FILE`.

The file gets, for each way, the leaves of state and metrics; `pmap` has one for every device,
`trials` those of trial 3, `alone` those of the run of its seed. `messages` counts the all-reduces
in the compiled step of an adversarial autoencoder, by which way its trials and batch lie.
"""

import re
import sys

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax import data, parallel
from aae_jax.layout import Layout
from aae_jax.methods import get_method
from aae_jax.state import init_state, make_init
from aae_jax.step import make_train_step
from tests import toy_game
from tests.configs import test_config

DEVICES, BATCH, STEPS, TRIAL = 8, 16, 3, 3


def trajectory(step, state, key, split):
    items = np.random.default_rng(0).random((STEPS, BATCH, 4, 4, 1), np.float32)
    for item in items:
        state, metrics = step(state, item.reshape(DEVICES, -1, 4, 4, 1) if split else item, key)
    return state, metrics


def messages(layout):
    """All-reduces in the compiled step of an AAE, which has no batch normalisation."""
    config = test_config("aae_mnist")
    config.batch_size = BATCH
    dataset = data.load(config.data)
    game = get_method("aae").build(config, dataset.example_shape, 1)
    trials = layout.trials
    feed = data.make_feed(dataset, batch_size=BATCH, seeds=range(trials), **layout.rows)
    state = make_init(game, seed=0, trials=trials, ema=False)()
    _, key = parallel.trial_keys(0, trials)
    state, arrays, key = layout.place(state, feed.arrays, key)
    step = layout.parallelize(make_train_step(game), feed.fetch)
    compiled = step.lower(state, arrays, *layout.stack([next(feed)]), key).compile()
    return len(re.findall(r" all-reduce(?:-start)?\(", compiled.as_text()))


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

    layout = Layout()
    mapped = layout.parallelize(step, lambda arrays, item: {"x": item})
    state, arrays, where = layout.place(make(), {}, key)

    def on_eight(state, x, key):
        return mapped(state, arrays, *layout.stack([x]), key)

    state, metrics = trajectory(on_eight, state, where, split=True)
    results["pmap"] = jax.tree.map(
        lambda a: np.stack([np.asarray(shard.data) for shard in a.addressable_shards]),
        (state, metrics),
    )
    dealt = Layout(trials=DEVICES)
    assert dealt.by_trial
    state = make_init(game, seed=0, trials=DEVICES, ema=True)()
    _, keys = parallel.trial_keys(0, DEVICES)
    mapped_trials = dealt.parallelize(step, lambda arrays, item: {"x": item})
    state, arrays, keys = dealt.place(state, {}, keys)

    def by_trial(state, x, keys):
        item = np.broadcast_to(x, (1, DEVICES, *x.shape))
        return mapped_trials(state, arrays, *dealt.stack([item]), keys)

    everyone = trajectory(by_trial, state, keys, split=False)
    assert len(everyone[0].step.sharding.device_set) == DEVICES
    results["trials"] = jax.tree.map(lambda a: a[TRIAL], everyone)
    state = make_init(game, seed=TRIAL, trials=1, ema=True)()
    results["alone"] = trajectory(one, state, parallel.trial_keys(TRIAL, 1)[1], split=False)

    leaves = {
        f"{way}{jax.tree_util.keystr(path)}": np.asarray(leaf)
        for way, tree in results.items()
        for path, leaf in jax.tree.leaves_with_path(tree)
    }
    counts = [messages(Layout(trials=trials)) for trials in (1, DEVICES)]
    np.savez(sys.argv[1], messages=np.array(counts), **leaves)
    # The draws of an example, by its place in the global batch.
    keys = jax.vmap(
        lambda _: jax.random.key_data(parallel.example_keys(key, 2)), axis_name=parallel.DEVICE
    )(jnp.arange(DEVICES))
    alone = jax.random.key_data(parallel.example_keys(key, BATCH))
    np.testing.assert_array_equal(keys.reshape(alone.shape), alone)


if __name__ == "__main__":
    main()

"""Playing single phases of a game, and watching its networks."""

import dataclasses

import jax
import numpy as np

from aae_jax import data, parallel
from aae_jax.game import Play
from aae_jax.state import init_state
from aae_jax.step import make_train_step


class Recorder(Play):
    """Keeps what every use of a network was given and gave, as (player, inputs, output)."""

    def __call__(self, player, *inputs, **kwargs):
        output = super().__call__(player, *inputs, **kwargs)
        self.calls = [*getattr(self, "calls", []), (player, inputs, output)]
        return output


def start(game):
    """The initial state of a game."""
    return jax.jit(lambda: init_state(game, jax.random.key(0)))()


def play_phase(game, state, name, batch):
    """Losses and metrics of a phase, and (inputs, output) of its networks' uses by player."""
    (phase,) = (phase for phase in game.phases if phase.name == name)

    @jax.jit
    def run(batch):
        key = jax.random.key(2)
        play = Recorder(
            game.players, state.params, state.batch_stats, key, train=True, step=state.step
        )
        outcome = phase.loss_fn(play, batch)
        uses = {player: [] for player in game.players}
        for player, inputs, output in play.calls:
            uses[player].append((inputs, output))
        return {**outcome.losses}, {**outcome.metrics}, uses

    return run(batch)


def infer(game, state, name, *inputs, seed=0):
    """An inference function of a game."""

    @jax.jit
    def run(*inputs):
        play = Play(
            game.players, state.params, state.batch_stats, jax.random.key(seed), train=False
        )
        return game.inference[name](play, *inputs)

    return run(*inputs)


def moved_players(game, state, name, batch):
    """The players whose parameters a phase changes."""
    (phase,) = (phase for phase in game.phases if phase.name == name)
    alone = dataclasses.replace(game, phases=(phase,))
    new, _ = jax.jit(make_train_step(alone))(state, batch, jax.random.key(3))

    def same(player):
        pairs = zip(
            jax.tree.leaves(state.params[player]), jax.tree.leaves(new.params[player]), strict=True
        )
        return all(np.array_equal(old, moved) for old, moved in pairs)

    return {player for player in game.players if not same(player)}


def moved_statistics(game, state, name, batch):
    """The players whose running batch statistics a phase changes."""
    (phase,) = (phase for phase in game.phases if phase.name == name)

    @jax.jit
    def run(batch):
        play = Play(game.players, state.params, state.batch_stats, jax.random.key(2), train=True)
        phase.loss_fn(play, batch)
        return play.batch_stats

    new, old = run(batch), state.batch_stats
    same = jax.tree.map(lambda a, b: bool(np.array_equal(a, b)), old, new)
    return {player for player in old if not all(jax.tree.leaves(same[player]))}


def losses_on_devices(game, state, batch, devices):
    """Losses of every phase, the batch split over devices; one device keeps it whole."""

    def run(batch):
        losses = {}
        for phase in game.phases:
            key = jax.random.key(2)
            play = Play(game.players, state.params, state.batch_stats, key, train=True)
            losses[phase.name] = parallel.mean({**phase.loss_fn(play, batch).losses})
        return losses

    split = jax.tree.map(lambda a: a.reshape(devices, -1, *a.shape[1:]), batch)
    losses = jax.jit(jax.vmap(run, axis_name=parallel.DEVICE))(split)
    return jax.tree.map(lambda loss: loss[0], losses)


def learn(game, dataset, steps):
    """Trains on batches of 100; returns the state and what each step reported."""
    feed = data.make_feed(dataset, batch_size=100, seeds=[0])
    items = [jax.tree.map(lambda a: a[0], next(feed)) for _ in range(steps)]
    feed.close()
    step = make_train_step(game)

    @jax.jit
    def run(state, items):
        return jax.lax.scan(
            lambda state, item: step(state, feed.fetch(feed.arrays, item), jax.random.key(0)),
            state,
            items,
        )

    return run(start(game), jax.tree.map(lambda *rows: np.stack(rows), *items))


def use_digits(config):
    """Puts scikit-learn's digits and a quick network into a test config; loads the data."""
    config.network.update({"hidden": (64, 64), "init_std": 0.1})
    config.data.update({"name": "digits", "image_size": 8, "size": 0})
    return data.load(config.data)

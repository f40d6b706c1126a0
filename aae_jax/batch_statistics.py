"""Batch statistics of weights that stand still: what a trained network normalises with.

The running averages that training keeps mix the statistics of the last steps' weights, and in an
adversarial game those still move: in an implicit autoencoder of MNIST they left test codes with
means up to half a deviation off, and 59 % of reconstructions kept their digit where the same
weights keep 63 % with statistics of their own. To averaged parameters they do not belong at all.
So they are estimated anew before a state is saved, on batches to come.
"""

import contextlib
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import data, parallel
from aae_jax.game import Batch, Game, Params, Play
from aae_jax.layout import Layout
from aae_jax.plan import make_feed
from aae_jax.state import TrainState
from aae_jax.step import TrainStep, numbered_parts

# Running averages that keep 0.9 at each use have lost all but 1.5 % of what they began with.
BATCHES = 40


def make_settle_step(game: Game, precision: str = "float32", accumulate: int = 1) -> TrainStep:
    """Builds the pure step that moves a state's settled statistics on, and nothing else of it.

    It runs the phases on a batch, as the train step does, with the parameters that evaluation
    uses, and updates no one.

    Args:
        game: the method.
        precision, accumulate: as in `make_train_step`.

    Returns:
        `step(state, batch, key) -> (state, {})`, of arguments as the train step has them. The
        state's step counts on, so that every batch has draws of its own.
    """
    dtype = jnp.dtype(precision)

    def step(state: TrainState, batch: Batch, key: jax.Array) -> tuple[TrainState, dict]:
        key = jax.random.fold_in(key, state.step)
        params = state.evaluated.params

        def settle(settled: Params, numbered: tuple[jax.Array, Batch]) -> tuple[Params, None]:
            part, part_of_batch = numbered
            with parallel.part_of_batch(part, accumulate):
                for index, phase in enumerate(game.phases):
                    play = Play(
                        game.players,
                        params,
                        settled,
                        jax.random.fold_in(key, index),
                        train=True,
                        dtype=dtype,
                        opt_state=state.opt_state[phase.name],
                        step=state.step,
                    )
                    phase.loss_fn(play, part_of_batch)
                    settled = play.batch_stats
            return settled, None

        if accumulate > 1:
            settled, _ = jax.lax.scan(settle, state.settled, numbered_parts(batch, accumulate))
        else:
            settled, _ = settle(state.settled, (0, batch))
        return state.replace(step=state.step + 1, settled=parallel.mean(settled)), {}

    return step


class Settler:
    """Settles the batch statistics of a run's states, on batches of its training data.

    Args:
        config: the experiment's config.
        game: its game.
        dataset: the loaded data.
        layout: how trials and batches lie on the devices.
        arrays: of the data, as `layout.place` gives them.
        key: the run's, likewise.
    """

    def __init__(
        self,
        config: ConfigDict,
        game: Game,
        dataset: data.Dataset,
        layout: Layout,
        arrays: Any,
        key: jax.Array,
    ) -> None:
        self._config, self._dataset, self._layout = config, dataset, layout
        self._arrays, self._key = arrays, key
        self._step = make_settle_step(game, config.precision, config.accumulate)
        self._call: Callable[..., Any] | None = None

    def __call__(self, state: TrainState, step: int) -> TrainState:
        """The state with settled statistics, which depend on its weights and its step alone.

        Args:
            state: as the train step left it after `step` steps; donated.
            step: the number of steps.
        """
        if not jax.tree.leaves(state.batch_stats):
            return state
        # Copies of what is donated below; from the running averages, since what was settled at an
        # earlier save would make a run depend on when it was saved.
        made, settled = jax.tree.map(jnp.copy, (state.step, state.batch_stats))
        state = state.replace(settled=settled)
        feed = make_feed(self._config, self._dataset, self._layout, step)
        with contextlib.closing(feed):
            if self._call is None:
                self._call = self._layout.parallelize(self._step, feed.fetch)
            for done in range(0, BATCHES, self._layout.most_steps):
                count = min(self._layout.most_steps, BATCHES - done)
                items = self._layout.stack([next(feed) for _ in range(count)])
                state, _ = self._call(state, self._arrays, *items, self._key)
        return state.replace(step=made)

"""Losses and states that stop being finite: 4 places of poison, at 2 steps each, and 2 trials.

The run stops, names what it found and the step, keeps only checkpoints that are finite, and goes on
from the last one as if nothing had happened once the poison is gone. The fast tests have each place
at one of the steps: one has an evaluation, the other none.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.errors import TrainingDiverged
from aae_jax.layout import Layout
from aae_jax.train import train
from tests.helpers import final_state, log, same_bits, trains

STEPS = 6


def poison(tree, value):
    return jax.tree.map(lambda a: jnp.full_like(a, value), tree)


PLACES = {
    "a loss": lambda state, metrics: (state, {**metrics, "mse": poison(metrics["mse"], np.nan)}),
    "parameters": lambda state, metrics: (
        state.replace(params=poison(state.params, np.inf)),
        metrics,
    ),
    "batch statistics": lambda state, metrics: (
        state.replace(batch_stats=poison(state.batch_stats, np.nan)),
        metrics,
    ),
    "averaged parameters": lambda state, metrics: (
        state.replace(ema=poison(state.ema, -np.inf)),
        metrics,
    ),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    from aae_jax.methods import METHODS
    from tests import toy_game

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(METHODS, "toy", None)
        toy_game.register()
        folders = {trials: tmp_path_factory.mktemp("run") for trials in (1, 2)}
        for trials, folder in folders.items():
            train(toy_game.config(steps=STEPS, trials=trials), folder)
    return folders


FAST = [("a loss", 5), ("parameters", 2), ("batch statistics", 5), ("averaged parameters", 2)]
CASES = [
    pytest.param(place, at, 1, marks=() if (place, at) in FAST else pytest.mark.slow)
    for place in PLACES
    for at in (2, 5)
]


@pytest.mark.parametrize(("place", "at", "trials"), [*CASES, ("a loss", 4, 2)])
def test_stops_and_can_be_gone_on_from(tmp_path, toy, undisturbed, place, at, trials):
    config = toy.config(steps=STEPS, trials=trials)
    with pytest.MonkeyPatch.context() as patch:
        original = Layout.parallelize

        def parallelize(*args):
            step_fn = original(*args)

            def poisoned(state, *rest):
                state, metrics = step_fn(state, *rest)
                return (
                    PLACES[place](state, metrics)
                    if np.max(state.step) == at
                    else (
                        state,
                        metrics,
                    )
                )

            return poisoned if trains(args[1]) else step_fn

        patch.setattr(Layout, "parallelize", parallelize)
        with pytest.raises(TrainingDiverged, match=f"is not finite at step {at}") as caught:
            train(config, tmp_path)
    print(caught.value)
    left = final_state(tmp_path, trials=trials)
    assert np.max(left.step) == at - 1
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(left))
    train(config, tmp_path)
    assert same_bits(
        final_state(tmp_path, trials=trials), final_state(undisturbed[trials], trials=trials)
    )
    assert log(tmp_path) == log(undisturbed[trials])

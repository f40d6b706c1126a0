"""Models of the configs as a user holds them, untrained."""

from pathlib import Path

from aae_jax.data import load
from aae_jax.inference import GameFunctions
from aae_jax.methods import build_game
from aae_jax.state import make_init
from aae_jax.trained_model import TrainedModel
from tests.configs import test_config


def untrained(name, origin="nowhere", **fields):
    """The tiny variant of a config as a model of step 7; `fields` change its config's."""
    config = test_config(name)
    config.update(fields)
    dataset = load(config.data)
    facts = {"shape": dataset.example_shape, "steps_per_epoch": 4}
    facts["class_frequencies"] = dataset.class_frequencies if dataset.num_classes else None
    game = build_game(config, facts)
    return of_game(game, config, dataset.example_shape, origin)


def of_game(game, config, example_shape, origin="nowhere", class_names=()):
    """The model of a game in its first state."""
    state = make_init(game, seed=0, trials=1, ema=False)()
    return TrainedModel(
        config,
        GameFunctions(game),
        state.params,
        state.batch_stats,
        7,
        example_shape=example_shape,
        class_names=class_names,
        trial=0,
        origin=Path(origin),
    )

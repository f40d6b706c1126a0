"""Optimisers and learning-rate schedules from a config."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import optax
from ml_collections import ConfigDict

from aae_jax.errors import UserError


def adam(learning_rate: float = 2e-4, b1: float = 0.5, b2: float = 0.999) -> ConfigDict:
    """Config of Adam with the defaults of the GAN papers."""
    return ConfigDict({"name": "adam", "learning_rate": learning_rate, "b1": b1, "b2": b2})


def adam_by_root(learning_rate: float = 2e-4, b1: float = 0.5, b2: float = 0.999) -> ConfigDict:
    """Config of Adam with its rate divided by the square root of the epoch's number, from 1."""
    return ConfigDict({**adam(learning_rate, b1, b2), "name": "adam_by_root"})


def sgd(
    learning_rate: float,
    momentum: float,
    drops: tuple[int, ...] = (),
    factor: float = 0.1,
) -> ConfigDict:
    """Config of SGD with momentum, the rate multiplied by `factor` at each epoch in `drops`."""
    return ConfigDict(
        {
            "name": "sgd",
            "learning_rate": learning_rate,
            "momentum": momentum,
            "drops": drops,
            "factor": factor,
        }
    )


def _adam(config: ConfigDict, steps_per_epoch: int) -> optax.GradientTransformation:
    del steps_per_epoch
    return optax.adam(config.learning_rate, b1=config.b1, b2=config.b2)


def _adam_by_root(config: ConfigDict, steps_per_epoch: int) -> optax.GradientTransformation:
    def schedule(step: jax.Array) -> jax.Array:
        return config.learning_rate / jnp.sqrt(1 + step // steps_per_epoch)

    return optax.adam(schedule, b1=config.b1, b2=config.b2)


def _sgd(config: ConfigDict, steps_per_epoch: int) -> optax.GradientTransformation:
    schedule = optax.piecewise_constant_schedule(
        config.learning_rate,
        {int(epoch * steps_per_epoch): config.factor for epoch in config.drops},
    )
    return optax.sgd(schedule, momentum=config.momentum)


OPTIMIZERS: dict[str, Callable[[ConfigDict, int], optax.GradientTransformation]] = {
    "adam": _adam,
    "adam_by_root": _adam_by_root,
    "sgd": _sgd,
}


def make_optimizer(config: ConfigDict, steps_per_epoch: int) -> optax.GradientTransformation:
    """Builds the optimiser that a config describes.

    Args:
        config: `name` and that optimiser's fields, as `adam()` and `sgd()` return them.
        steps_per_epoch: updates in one pass over the training data; schedules count epochs.

    Raises:
        UserError: unknown optimiser.
    """
    if config.name not in OPTIMIZERS:
        raise UserError(f"unknown optimizer {config.name!r}: choose one of {sorted(OPTIMIZERS)}")
    return OPTIMIZERS[config.name](config, steps_per_epoch)

"""Optimisers and learning-rate schedules from a config."""

import math
from collections.abc import Callable

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


def adam_falling(
    learning_rate: float,
    b1: float,
    falls: tuple[float, float],
    factor: float = 0.02,
    b2: float = 0.999,
) -> ConfigDict:
    """Config of Adam whose rate falls linearly, between two epochs, to `factor` of what it was."""
    fields = {"falls": falls, "factor": factor}
    return ConfigDict({**adam(learning_rate, b1, b2), "name": "adam_falling", **fields})


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


def _constant(config: ConfigDict, steps_per_epoch: int) -> float:
    del steps_per_epoch
    return config.learning_rate


def _by_root(config: ConfigDict, steps_per_epoch: int) -> optax.Schedule:
    return lambda step: config.learning_rate / jnp.sqrt(1 + step // steps_per_epoch)


def _falling(config: ConfigDict, steps_per_epoch: int) -> optax.Schedule:
    start, end = (int(epoch * steps_per_epoch) for epoch in config.falls)
    if not 0 <= start < end:
        raise UserError(
            f"optimizer.falls is {config.falls}: give two epochs, the first before the second"
        )
    rate = config.learning_rate
    return optax.linear_schedule(rate, rate * config.factor, end - start, start)


def _dropping(config: ConfigDict, steps_per_epoch: int) -> optax.Schedule:
    return optax.piecewise_constant_schedule(
        config.learning_rate,
        {int(epoch * steps_per_epoch): config.factor for epoch in config.drops},
    )


# Name in a config -> its learning rate.
RATES: dict[str, Callable[[ConfigDict, int], float | optax.Schedule]] = {
    "adam": _constant,
    "adam_by_root": _by_root,
    "adam_falling": _falling,
    "sgd": _dropping,
}


def make_optimizer(
    config: ConfigDict, steps_per_epoch: int, *, eps_root: float = 0.0
) -> optax.GradientTransformation:
    """Builds the optimiser that a config describes.

    Args:
        config: `name` and that optimiser's fields, as `adam()` and `sgd()` return them.
        steps_per_epoch: updates in one pass over the training data; schedules count epochs.
        eps_root: added to Adam's second moment under its root, so that an update can itself be
            differentiated where a gradient is 0.

    Raises:
        UserError: unknown optimiser, or impossible epochs, rates or momenta.
    """
    if config.name not in RATES:
        raise UserError(
            f"unknown optimizer name {config.name!r}: choose one of {', '.join(sorted(RATES))}"
        )
    if not 0 <= config.learning_rate < math.inf:  # nor NaN
        raise UserError(
            f"an optimizer's learning_rate is {config.learning_rate}: it must be 0 or more, and "
            "finite"
        )
    for name in ("momentum", "b1", "b2"):
        if name in config and not 0 <= config[name] < 1:
            raise UserError(
                f"an optimizer's {name} is {config[name]}: it must be at least 0 and below 1"
            )
    rate = RATES[config.name](config, steps_per_epoch)
    if config.name == "sgd":
        return optax.sgd(rate, momentum=config.momentum)
    return optax.adam(rate, b1=config.b1, b2=config.b2, eps_root=eps_root)

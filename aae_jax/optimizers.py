"""Optimisers and learning-rate schedules from a config."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
import optax
from ml_collections import ConfigDict

from aae_jax import checks, user_code
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


def function(name: str, **fields: Any) -> ConfigDict:
    """Config of an optimiser of a user's own.

    Args:
        name: "module:function", called as `function(steps_per_epoch, **fields)`; it gives an
            `optax.GradientTransformation`. A schedule counts epochs, as a later run of the workdir
            may have more steps.
        **fields: what it takes.
    """
    return ConfigDict({"name": name, **fields})


def _constant(config: ConfigDict, steps_per_epoch: int) -> float:
    del steps_per_epoch
    return config.learning_rate


def _by_root(config: ConfigDict, steps_per_epoch: int) -> optax.Schedule:
    return lambda step: config.learning_rate / jnp.sqrt(1 + step // steps_per_epoch)


def _falling(config: ConfigDict, steps_per_epoch: int) -> optax.Schedule:
    falls = config.falls
    if len(falls) != 2 or not _epochs(falls, steps_per_epoch) or not falls[0] < falls[1]:
        raise UserError(
            f"an optimizer's falls is {falls}: give two epochs, the first before the second"
        )
    start, end = (int(epoch * steps_per_epoch) for epoch in falls)
    if start == end:
        raise UserError(f"an optimizer's falls is {falls}: not one step of the run lies between")
    rate = config.learning_rate
    return optax.linear_schedule(rate, rate * config.factor, end - start, start)


def _dropping(config: ConfigDict, steps_per_epoch: int) -> optax.Schedule:
    if not _epochs(config.drops, steps_per_epoch):
        raise UserError(f"an optimizer's drops is {config.drops}: give epochs, as (50, 75)")
    return optax.piecewise_constant_schedule(
        config.learning_rate,
        {int(epoch * steps_per_epoch): config.factor for epoch in config.drops},
    )


def _epochs(values: Sequence[Any], steps_per_epoch: int) -> bool:
    """Whether all are epochs whose steps a schedule can count."""
    return all(
        isinstance(value, int | float) and 0 <= value * steps_per_epoch < 2**31 for value in values
    )


# Name in a config -> its fields.
_FIELDS = {
    "adam": set(adam()),
    "adam_by_root": set(adam_by_root()),
    "adam_falling": set(adam_falling(0.0, 0.0, (0.0, 1.0))),
    "sgd": set(sgd(0.0, 0.0)),
}

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
        config: `name` and that optimiser's fields, as `adam()`, `sgd()` and `function()` return
            them.
        steps_per_epoch: updates in one pass over the training data; schedules count epochs.
        eps_root: added to Adam's second moment under its root, so that an update can itself be
            differentiated where a gradient is 0; not of a user's own optimiser.

    Raises:
        UserError: unknown optimiser, fields of another one, or impossible epochs, rates, factors
            or momenta.
    """
    if "name" not in config:
        raise UserError(
            f"optimizer has the entries {', '.join(sorted(config)) or 'none'}, and no name: this "
            "game has one optimizer, as aae_jax.optimizers.adam() gives it"
        )
    if ":" in config.name:
        return _own(config, steps_per_epoch)
    if config.name not in RATES:
        raise UserError(
            f"unknown optimizer name {config.name!r}: choose one of {', '.join(sorted(RATES))}, or "
            "module:function for one of your own"
        )
    if missing := _FIELDS[config.name] - set(config):
        needed = ", ".join(sorted(missing))
        raise UserError(
            f"an optimizer's name is {config.name!r}, which needs {needed} too: "
            f"take aae_jax.optimizers.{config.name}() in a config file"
        )
    if others := sorted(set(config) - _FIELDS[config.name]):
        raise UserError(
            f"an optimizer's name is {config.name!r}, which does not take {', '.join(others)}: "
            f"it takes {', '.join(sorted(_FIELDS[config.name]))}"
        )
    if not 0 <= config.learning_rate < math.inf:  # nor NaN
        raise UserError(
            f"an optimizer's learning_rate is {config.learning_rate}: it must be 0 or more, and "
            "finite"
        )
    for name in ("momentum", "b1", "b2"):
        if name in config:
            checks.share(f"an optimizer's {name}", config[name])
    if not 0 <= config.get("factor", 1.0) < math.inf:
        raise UserError(
            f"an optimizer's factor is {config.factor}: it must be 0 or more, and finite"
        )
    rate = RATES[config.name](config, steps_per_epoch)
    if config.name == "sgd":
        return optax.sgd(rate, momentum=config.momentum)
    return optax.adam(rate, b1=config.b1, b2=config.b2, eps_root=eps_root)


def _own(config: ConfigDict, steps_per_epoch: int) -> optax.GradientTransformation:
    """The optimiser of a user's own function."""
    make = user_code.find(config.name, "an optimizer's name")
    fields = {field: value for field, value in config.items() if field != "name"}
    with user_code.blamed(f"{config.name}(steps_per_epoch, {', '.join(fields)})"):
        optimizer = make(steps_per_epoch, **fields)
    if not isinstance(optimizer, optax.GradientTransformation):
        raise UserError(
            f"{config.name} gives {type(optimizer).__name__}: it must give an optimiser of optax"
        )
    return optimizer

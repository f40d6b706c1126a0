"""The fields that every config shares, and the checks that run before any work starts."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from ml_collections import ConfigDict

from aae_jax import checks
from aae_jax.errors import UserError, did_you_mean

_LARGEST = 2**31 - 1  # of numbers that the devices hold


def base() -> ConfigDict:
    """Returns the fields common to all methods; a config file fills in the rest.

    `steps` counts minibatch updates of the whole game; the `every` fields count steps, 0 means
    never (evaluation and the last checkpoint still happen at the end).
    """
    return ConfigDict(
        {
            "method": "",  # one of aae_jax.methods.METHODS, or your own: module:name
            "seed": 0,  # of trial 0; trial i runs with seed + i
            "trials": 1,  # seeded repetitions trained side by side in one program
            "batch_size": 100,
            "steps": 0,
            "ema_decay": 0.0,  # 0: evaluate the raw parameters
            "precision": "float32",  # of the networks in training: float32 or bfloat16
            "accumulate": 1,  # parts that a device's batch is computed in, to save memory
            "steps_per_call": 0,  # steps that the devices make in one call; 0: as many as pay
            "data": {
                "name": "",
                "dir": "",  # "": the set's default places
                "train_split": "train",
                "test_split": "test",
                "validation_split": "",  # a part of its own that is not trained on, or instead:
                "validation_size": 0,  # images held out of the train split at random
                "split_seed": 0,
                "image_size": 0,  # 0: as stored
                "resize": "none",  # none, pad, bilinear or crop
                "channels": 0,  # 0: as stored; 1: grey; 3: colour
                "value_range": (0.0, 1.0),
                "standardise": False,  # instead: mean 0 and deviation 1 of each pixel
                "labelled": 0,  # size of the labelled subset, 0: none
                "labelled_balanced": True,
                "size": 0,  # points or images of a generated set, 0: its default
                "vocabulary": 5000,  # words of captions told apart, at most
                "caption_length": 0,  # words read of a caption, 0: as many as the longest has
                # What turns captions into vectors: the workdir of a trained caption encoder, or
                # your own module:function; "": nothing, they stay word numbers.
                "caption_encoder": "",
                "location": "auto",  # auto, device or host
                "cache": True,
            },
            "network": {},
            # Networks of your own in the place of the method's: "player=module:Network", several
            # with commas between them (`aae_jax.methods.own_networks`).
            "players": "",
            "game": {},
            "optimizer": {},
            "log": {
                "every": 100,
                "tensorboard": True,
                "wandb": "",  # project on Weights & Biases to log to as well, "": none
                "images": 16,  # samples, and test images, that each periodic evaluation shows there
            },
            "checkpoint": {
                "every": 1000,
                "keep": 2,  # latest checkpoints kept: the second stands in for a damaged first
                "best_metric": "",  # also keep the best by this metric of the evaluation
                "best_mode": "min",
            },
            "evaluation": {
                "every": 0,  # steps between the periodic evaluations
                "periodic": (),  # metrics of the periodic evaluations
                # test or validation: of which examples they are, and so by which the best
                # checkpoint is chosen. The final evaluation is always of the test examples.
                "periodic_split": "test",
                "metrics": (),  # metrics of the final evaluation
                "figures": (),
                "checkpoint": "latest",  # latest or best
                "classifier": "",  # workdir of a trained classifier that judges images, "": none
                "inception": "",  # file of Inception-v3's weights, to judge images with, "": none
                "seed": 0,
            },
        }
    )


def check(config: ConfigDict) -> None:
    """Checks the fields common to all methods.

    Raises:
        UserError: a field is unknown or missing, or a value is impossible; the line names the
            field and what it may be.
    """
    if not isinstance(config, ConfigDict):
        raise UserError(
            f"the config is a {type(config).__name__}: get_config() must return the ConfigDict of "
            "aae_jax.config.base(), filled in"
        )
    _check_fields(config, base())
    try:
        config.to_json()
    except TypeError as error:
        raise UserError(f"the config holds what JSON cannot: {error}; use plain values") from error

    for field, (check_value, *bounds) in _bounds(config).items():
        check_value(field, get_field(config, field), *bounds)
    _check_finite(config, "")
    if config.checkpoint.best_metric and not (
        config.evaluation.every and config.evaluation.periodic
    ):
        raise UserError(
            f"checkpoint.best_metric is {config.checkpoint.best_metric!r} but no periodic "
            "evaluation gives it: set evaluation.every and evaluation.periodic"
        )
    if config.evaluation.checkpoint == "best":
        if not config.checkpoint.best_metric:
            raise UserError(
                "evaluation.checkpoint is 'best' but none is kept: set checkpoint.best_metric"
            )
        if config.evaluation.every > config.steps:
            raise UserError(
                "evaluation.checkpoint is 'best' but evaluation.every is "
                f"{config.evaluation.every} and steps {config.steps}: no periodic evaluation "
                "would choose one"
            )


def _bounds(config: ConfigDict) -> dict[str, tuple[Any, ...]]:
    """Field -> how it is checked, and against what."""
    return {
        "batch_size": (checks.at_least, 1),
        "steps": (checks.within, 1, _LARGEST),
        "trials": (checks.within, 1, 10_000),
        "accumulate": (checks.at_least, 1),
        "seed": (checks.within, 0, _LARGEST - config.trials),  # those of all trials
        "ema_decay": (checks.share,),
        "precision": (checks.choice, ("float32", "bfloat16")),
        "steps_per_call": (checks.within, 0, 1000),
        "log.every": (checks.at_least, 1),
        "log.images": (checks.within, 0, 256),
        "checkpoint.every": (checks.at_least, 0),
        "checkpoint.keep": (checks.at_least, 1),
        "checkpoint.best_mode": (checks.choice, ("min", "max")),
        "evaluation.every": (checks.at_least, 0),
        "evaluation.seed": (checks.within, 0, _LARGEST),
        "evaluation.checkpoint": (checks.choice, ("latest", "best")),
        "evaluation.periodic_split": (checks.choice, ("test", "validation")),
    }


def get_field(config: ConfigDict, field: str) -> Any:
    """The value of a field by its whole name, as `data.dir`.

    Raises:
        UserError: there is no such field.
    """
    place, name = _locate(config, field)
    return place[name]


def set_field(config: ConfigDict, field: str, value: Any) -> None:
    """Sets a field by its whole name, as `data.dir`.

    Raises:
        UserError: there is no such field, or it is of another type.
    """
    place, name = _locate(config, field)
    try:
        place[name] = value
    except (TypeError, ValueError) as error:
        kind = type(place[name]).__name__
        raise UserError(f"{field} cannot be {value!r}: it must be of type {kind}") from error


def _locate(config: ConfigDict, field: str) -> tuple[ConfigDict, str]:
    """The part of a config that holds a field, and the field's name in it."""
    *path, name = field.split(".")
    place: Any = config
    for part in path:
        place = place[part] if isinstance(place, ConfigDict) and part in place else None
    if not isinstance(place, ConfigDict) or name not in place:
        guess = did_you_mean(field, _all_fields(config))
        raise UserError(f"the config has no field {field}{guess}")
    return place, name


def _all_fields(config: ConfigDict, prefix: str = "") -> Iterator[str]:
    for name, value in config.items():
        if isinstance(value, ConfigDict):
            yield from _all_fields(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def check_names(given: Iterable[str], known: Iterable[str], where: str, source: str) -> None:
    """Refuses a part of a config with other fields than it should have.

    Args:
        given: names of its fields.
        known: those that it should have.
        where: the part, as `config.game`.
        source: who reads it, as "method aae".

    Raises:
        UserError: a field is unknown or missing.
    """
    given, known = set(given), set(known)
    takes = f"{source} takes {', '.join(sorted(known)) or 'none'}"
    for name in sorted(given - known):
        guess = did_you_mean(name, known - given) or ":"
        raise UserError(f"{where} has an unknown field {name}{guess} {takes}")
    if missing := sorted(known - given):
        raise UserError(
            f"{where} lacks {', '.join(missing)}: {takes}; start from one of its configs"
        )


def _check_finite(value: Any, field: str) -> None:
    """Finds NaN and infinity, which no computation here survives, and which pass most checks."""
    if isinstance(value, ConfigDict):
        for name in value:
            _check_finite(value[name], f"{field}.{name}" if field else name)
    elif isinstance(value, tuple | list):
        for item in value:
            _check_finite(item, field)
    elif isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"{field} is {value}: it must be finite")


def _check_fields(config: ConfigDict, known: ConfigDict, prefix: str = "") -> None:
    """Finds misspelt fields: a config file may add any field to a ConfigDict unnoticed."""
    for name in known:
        if name not in config:
            raise UserError(f"the config has no {prefix}{name}: start from aae_jax.config.base()")
        if not isinstance(known[name], ConfigDict):
            kind = type(known[name])
            value = config[name]
            # An int may stand for a float, but a truth value is no number.
            fits = kind is float and type(value) is int
            if not (isinstance(value, kind) or fits) or (kind is int and type(value) is bool):
                raise UserError(f"{prefix}{name} is {value!r}: it must be of type {kind.__name__}")
        elif not isinstance(config[name], ConfigDict):
            raise UserError(f"{prefix}{name} is {config[name]!r}: it must be a ConfigDict")
        elif len(known[name]):  # what is empty in base() belongs to the method
            _check_fields(config[name], known[name], f"{prefix}{name}.")
    for name in config:
        if name not in known:
            raise UserError(
                f"the config has an unknown field {prefix}{name}: known are "
                f"{', '.join(sorted(known))}"
            )

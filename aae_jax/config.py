"""The fields that every config shares, and the checks that run before any work starts."""

import difflib
import math
from collections.abc import Iterable
from typing import Any

from ml_collections import ConfigDict

from aae_jax.errors import UserError


def base() -> ConfigDict:
    """Returns the fields common to all methods; a config file fills in the rest.

    `steps` counts minibatch updates of the whole game; the `every` fields count steps, 0 means
    never (evaluation and the last checkpoint still happen at the end).
    """
    return ConfigDict(
        {
            "method": "",  # one of aae_jax.methods.METHODS, or your own: module:build
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

    def require(holds: bool, field: str, what: str) -> None:
        if not holds:
            value = config
            for part in field.split("."):
                value = value[part]
            raise UserError(f"{field} is {value!r}: it must be {what}")

    for field in ("batch_size", "steps", "trials", "accumulate"):
        require(config[field] >= 1, field, "at least 1")
    require(config.steps < 2**31, "steps", "below 2**31")
    require(config.trials <= 10_000, "trials", "at most 10,000")
    require(0 <= config.seed < 2**31 - config.trials, "seed", "0 or more, and below 2**31 - trials")
    require(0.0 <= config.ema_decay < 1.0, "ema_decay", "at least 0 and below 1")
    require(config.precision in ("float32", "bfloat16"), "precision", "float32 or bfloat16")
    require(0 <= config.steps_per_call <= 1000, "steps_per_call", "0 to 1000")
    require(config.log.every >= 1, "log.every", "at least 1")
    require(0 <= config.log.images <= 256, "log.images", "0 to 256")
    require(config.checkpoint.every >= 0, "checkpoint.every", "0 or more")
    require(config.checkpoint.keep >= 1, "checkpoint.keep", "at least 1")
    require(config.checkpoint.best_mode in ("min", "max"), "checkpoint.best_mode", "min or max")
    require(config.evaluation.every >= 0, "evaluation.every", "0 or more")
    require(0 <= config.evaluation.seed < 2**31, "evaluation.seed", "0 or more, and below 2**31")
    require(
        config.evaluation.checkpoint in ("latest", "best"),
        "evaluation.checkpoint",
        "latest or best",
    )
    require(
        config.evaluation.periodic_split in ("test", "validation"),
        "evaluation.periodic_split",
        "test or validation",
    )
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
        near = difflib.get_close_matches(name, sorted(known - given), n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise UserError(f"{where} has an unknown field {name}: {meant}{takes}")
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

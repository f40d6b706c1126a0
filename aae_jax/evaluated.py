"""evaluation.json: reading it, and whether it is of the training and the config as they stand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml_collections import ConfigDict

from aae_jax.errors import UserError

FILE = "evaluation.json"

# Fields that say when a training evaluates, not what an evaluation gives.
_OF_TRAINING = ("every", "periodic", "periodic_split")
# Fields of which more than is asked for does no harm.
_NAMES = ("metrics", "figures")


def read(workdir: Path) -> dict[str, Any] | None:
    """What a workdir's evaluation.json holds, as `evaluate.evaluate` returns it; None without one.

    Raises:
        UserError: it is damaged.
    """
    path = workdir / FILE
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        _ = result["step"], result["trials"], result["time"]
        _ = [metric["trials"] for metric in result["metrics"].values()]
        _ = result.get("asked", {}).get("figures")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"cannot read {path}: it is damaged; remove it and run --mode=evaluate there"
        ) from error
    return result


def asked(config: ConfigDict) -> dict[str, Any]:
    """What a config asks of an evaluation, field of `evaluation` -> value as JSON has it."""
    fields = json.loads(config.evaluation.to_json())
    return {name: value for name, value in fields.items() if name not in _OF_TRAINING}


def is_interrupted(result: Mapping[str, Any]) -> bool:
    """Whether an evaluation wrote its numbers and was stopped before its figures were drawn."""
    return "asked" in result and "figures" not in result


def is_current(result: Mapping[str, Any], config: ConfigDict, steps: int | None) -> bool:
    """Whether an evaluation need not be made again.

    The step of the checkpoint that was evaluated does not say so: the best one is an earlier one.
    An evaluation.json of an earlier version has neither `trained_steps`, for which that step
    stands, nor `asked`, which then counts as the same, nor `figures`; in one that has `asked`, the
    lack of `figures` says that it was interrupted before they were drawn.

    Args:
        result: what evaluation.json holds.
        config: the experiment's config as it is now.
        steps: those that the training has made, or is to make.
    """
    if result.get("trained_steps", result.get("step")) != steps:
        return False
    if is_interrupted(result):
        return False
    given = result.get("asked", {})
    return all(
        set(value) <= set(given[name]) if name in _NAMES else value == given[name]
        for name, value in asked(config).items()
        if name in given  # what is newer than the evaluation is left at its default
    )

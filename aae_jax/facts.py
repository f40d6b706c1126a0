"""Facts of a run's data: kept with each checkpoint, so that later runs know the data again."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from absl import logging
from ml_collections import ConfigDict

from aae_jax import sentences
from aae_jax.data import Dataset, Split
from aae_jax.errors import UserError
from aae_jax.methods import get_method

_ROLES = ("train", "validation", "test")  # of splits, whether there are such or not
_ROWS = 4096  # read at a time, as data may lie on a disk


def of(config: ConfigDict, dataset: Dataset) -> dict[str, Any]:
    """What JSON can say of a config's data.

    Args:
        config: an experiment's config.
        dataset: its data, loaded.

    Returns:
        What building the game takes (`methods.build_game`: shape, steps_per_epoch and, for methods
        that read them, class_frequencies), the vocabulary of captions and class_names where there
        are any, train_examples, validation_examples and test_examples, which are numbers, and
        digest, of all examples, labels and captions.
    """
    splits = dataset.splits
    facts = {
        "shape": list(dataset.example_shape),
        "steps_per_epoch": len(dataset.train) // config.batch_size,
        **{f"{role}_examples": len(splits.get(role, ())) for role in _ROLES},
        "digest": _digest(array for split in splits.values() for array in _arrays(split)),
    }
    if get_method(config.method).reads_frequencies:
        facts["class_frequencies"] = dataset.class_frequencies.tolist()
    if dataset.class_names:
        facts["class_names"] = list(dataset.class_names)
    return facts | sentences.facts(dataset)


def check(workdir: Path, saved: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Compares the facts saved with a run's checkpoint with those of the data now.

    Other examples in the same number are worth a warning only: another version of a library may
    decode the same files by a shade differently.

    Raises:
        UserError: the data cannot be what the run was trained on. Held-out examples of a changed
            folder would be drawn anew, for example, some of them from among those trained on.
    """
    for name, value in facts.items():
        before = saved.get(name, value)  # what an older checkpoint does not say
        if before == value:
            continue
        if name == "digest":
            logging.warning(
                "The data is not bit for bit what %s was trained on: its files have changed, or "
                "are decoded by another version of a library.",
                workdir,
            )
            continue
        raise UserError(
            f"the data has changed since workdir {workdir} was trained: its {name} was "
            f"{_short(before)} and is {_short(value)} now; choose another --workdir"
        )


def _arrays(split: Split) -> Iterator[np.ndarray]:
    yield split.data
    if split.label is not None:
        yield split.label
    if split.captions is not None:
        yield np.frombuffer("\n".join(split.captions.texts).encode(), np.uint8)


def _digest(arrays: Iterable[np.ndarray]) -> str:
    value = 0
    for array in arrays:
        for start in range(0, len(array), _ROWS):
            value = zlib.crc32(np.ascontiguousarray(array[start : start + _ROWS]), value)
    return f"{value:08x}"


def _short(value: Any) -> str:
    """A fact on part of a line; a vocabulary has thousands of words."""
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."

"""Damaged checkpoints of a workdir: found where Orbax would stumble over them, and moved aside."""

import contextlib
import json
import math
from collections.abc import Sequence
from pathlib import Path

from absl import logging


def folder_of(workdir: Path) -> Path:
    """The folder of a workdir's checkpoints, as Orbax wants it."""
    return Path(workdir).absolute() / "checkpoints"


def best(workdir: Path, *, missing: bool = True) -> tuple[int, ...]:
    """Steps of best checkpoints whose score cannot be read.

    Args:
        workdir: of the run.
        missing: whether those count that have none. Orbax copes with them, and a training that
            goes on meanwhile may be about to remove them.
    """
    steps = []
    for path in (folder_of(workdir) / "best").glob("*"):
        score = path / "metrics" / "metrics"
        if path.name.isdigit() and not _is_score(score) and (missing or score.exists()):
            steps.append(int(path.name))
    return tuple(sorted(steps))


def _is_score(path: Path) -> bool:
    try:
        saved = json.loads(path.read_bytes())
        return isinstance(saved["of"], str) and math.isfinite(saved["score"])
    except (OSError, ValueError, TypeError, KeyError):
        return False


def set_aside(workdir: Path, steps: Sequence[int], which: str = "latest") -> None:
    """Moves checkpoints out of the way, to `checkpoints/damaged`; none is deleted."""
    root = folder_of(workdir)
    for step in steps:
        name = str(step) if which == "latest" else f"{which}-{step}"
        place = root / "damaged" / name
        place.parent.mkdir(exist_ok=True)
        number = 2
        while place.exists():
            place = place.with_name(f"{name}-{number}")
            number += 1
        # It is no longer there where another process, which has ended since, was removing it.
        with contextlib.suppress(FileNotFoundError):
            (root / which / str(step)).rename(place)
            logging.warning("moved the damaged checkpoint of step %s to %s", f"{step:,}", place)

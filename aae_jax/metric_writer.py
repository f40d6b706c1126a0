"""Metrics of a run: lines of JSON, and if wanted TensorBoard events and a run on W&B.

In a run of several processes only one of them may write to a workdir.
"""

import contextlib
import json
import math
import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np

from aae_jax import output_file
from aae_jax.errors import UserError
from aae_jax.events import Events
from aae_jax.log_fields import RESERVED
from aae_jax.wandb_log import WandbLog

LOG_NAME = "metrics.jsonl"


class MetricWriter:
    """Appends to `workdir/metrics.jsonl`, to events under `workdir/tensorboard` and to W&B.

    A line is `{"step": int, "time": Unix seconds, "kind": str, <name>: value, ...}`. Lines and
    events are flushed when written, and a line cut short by a killed process is removed on opening.
    The folders and files are made where they are missing.

    Args:
        workdir: the run's folder.
        tensorboard: whether to write TensorBoard events too.
        wandb: W&B's name of a project to write to as well, "" for none.

    Raises:
        UserError: W&B cannot be used.
    """

    def __init__(self, workdir: str | os.PathLike, tensorboard: bool, wandb: str = "") -> None:
        self._workdir = Path(workdir)
        self._workdir.mkdir(parents=True, exist_ok=True)
        self._path = self._workdir / LOG_NAME
        self._wandb = WandbLog(wandb, workdir) if wandb else None
        self._file = self._open()
        self._events = Events(self._workdir / "tensorboard") if tensorboard else None

    @property
    def shows_images(self) -> bool:
        """Whether images reach anyone."""
        return bool(self._events or self._wandb)

    def __enter__(self) -> "MetricWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, step: int, scalars: Mapping[str, Any], kind: str = "train") -> None:
        """Writes the metrics of one step.

        TensorBoard and W&B show a scalar as `<kind>/<name>`; of values per trial they show the
        mean under that tag, and each under `<kind>/<name>/trial_<i>`.

        Args:
            step: updates done so far, at least 0.
            scalars: numbers, or values per trial as lists or arrays of shape (trials,). Numbers
                that are not finite are written as null in JSON, which knows none.
            kind: what was measured, such as 'train' or 'evaluate'.

        Raises:
            ValueError: if a value has two axes or more, or a name is 'step', 'time' or 'kind'.
        """
        if taken := RESERVED & set(scalars):
            raise ValueError(f"a metric may not be called {sorted(taken)[0]!r}")
        values = {name: _value(name, value) for name, value in scalars.items()}
        record = {"step": int(step), "time": time.time(), "kind": kind}
        record |= {name: _jsonable(value) for name, value in values.items()}
        self._file.write(_line(record))
        self._file.flush()
        self._show(step, kind, values, {})

    def write_images(
        self, step: int, images: Mapping[str, np.ndarray], kind: str = "evaluate"
    ) -> None:
        """Shows images as `<kind>/<name>`, in TensorBoard and on W&B.

        Args:
            step: updates done so far, at least 0.
            images: arrays (height, width, channels), 1 or 3 channels, uint8, or floating in
                [0, 1].
            kind: what was measured.

        Raises:
            ValueError: if an array has another shape or dtype.
        """
        self._show(step, kind, {}, {name: _pixels(name, image) for name, image in images.items()})

    def _show(
        self,
        step: int,
        kind: str,
        values: Mapping[str, np.ndarray],
        images: Mapping[str, np.ndarray],
    ) -> None:
        for viewer in (self._events, self._wandb):
            if viewer is not None:
                viewer.write(step, kind, values, images)

    def truncate(self, step: int) -> None:
        """Forgets what lies beyond `step`, for a run that resumes there.

        The file is replaced in one move, so a process killed meanwhile leaves the old one whole.

        Args:
            step: the last step to keep.

        Raises:
            UserError: if a line of the file is not one that this class writes.
        """
        kept = [record for record in read_log(self._workdir) if record["step"] <= step]
        self._file.close()
        with output_file.replacing(self._path) as file:
            file.writelines(map(_line, kept))
        self._file = self._open()
        if self._events is not None:
            self._events.close()
            self._events = Events(self._workdir / "tensorboard", purge_step=step + 1)

    def close(self) -> None:
        """Closes the files; the writer is of no use afterwards."""
        with contextlib.ExitStack() as stack:  # all of them, whatever one of them raises
            for file in (self._wandb, self._events, self._file):
                if file is not None:
                    stack.callback(file.close)

    def _open(self) -> BinaryIO:
        if self._path.exists():
            whole = self._path.read_bytes().rfind(b"\n") + 1
            if whole < self._path.stat().st_size:
                os.truncate(self._path, whole)
        return self._path.open("ab")


def read_log(workdir: str | os.PathLike) -> list[dict[str, Any]]:
    """Reads a run's metrics.jsonl.

    Args:
        workdir: the run's folder.

    Returns:
        The lines as `MetricWriter` describes them; none where there is no log. What follows the
        last newline was cut short by a kill, or is still being written.

    Raises:
        UserError: a line is damaged.
    """
    path = Path(workdir) / LOG_NAME
    if not path.exists():
        return []
    records = []
    for number, line in enumerate(path.read_bytes().rpartition(b"\n")[0].splitlines(), 1):
        try:
            record = json.loads(line)
            int(record["step"]), str(record["kind"])
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"line {number} of {path} is not a line of metrics: mend or remove it"
            ) from error
        records.append(record)
    return records


def _line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, allow_nan=False).encode() + b"\n"


def _value(name: str, value: Any) -> np.ndarray:
    array = np.asarray(value)
    if array.ndim > 1:
        raise ValueError(f"metric {name!r} must be a number or a list, got shape {array.shape}")
    integral = np.issubdtype(array.dtype, np.integer)
    return array if integral else array.astype(np.float64)


def _pixels(name: str, image: Any) -> np.ndarray:
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[-1] not in (1, 3):
        raise ValueError(f"image {name!r} must be (height, width, 1 or 3): {image.shape}")
    if image.dtype == np.uint8:
        return image
    if not np.issubdtype(image.dtype, np.floating):
        raise ValueError(f"image {name!r} must be uint8 or floating: {image.dtype}")
    return np.round(255.0 * np.clip(np.nan_to_num(image), 0.0, 1.0)).astype(np.uint8)


def _jsonable(value: np.ndarray) -> int | float | list | None:
    if value.ndim:
        return [_jsonable(entry) for entry in value]
    number = value.item()
    return number if math.isfinite(number) else None

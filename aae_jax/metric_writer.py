"""Metrics of a run: lines of JSON, and TensorBoard events if wanted (without TensorFlow).

In a run of several processes only one of them may write to a workdir.
"""

import json
import math
import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np

from aae_jax.errors import UserError

LOG_NAME = "metrics.jsonl"
_RESERVED = frozenset({"step", "time", "kind"})
_EVENTS_FLUSH_SECONDS = 10


class MetricWriter:
    """Appends to `workdir/metrics.jsonl`, and to events under `workdir/tensorboard`.

    A line is `{"step": int, "time": Unix seconds, "kind": str, <name>: value, ...}`. Each line is
    flushed when written, and a line cut short by a killed process is removed on opening. Events
    reach the disk within seconds, and all of them on closing. The folders and files are made where
    they are missing.

    Args:
        workdir: the run's folder.
        tensorboard: whether to write TensorBoard events too.
    """

    def __init__(self, workdir: str | os.PathLike, tensorboard: bool) -> None:
        self._workdir = Path(workdir)
        self._workdir.mkdir(parents=True, exist_ok=True)
        self._path = self._workdir / LOG_NAME
        self._file = self._open()
        self._events = self._open_events(None) if tensorboard else None

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

        TensorBoard shows a scalar as `<kind>/<name>`; of values per trial it shows the mean under
        that tag, and each under `<kind>/<name>/trial_<i>`.

        Args:
            step: updates done so far, at least 0.
            scalars: numbers, or values per trial as lists or arrays of shape (trials,). Numbers
                that are not finite are written as null in JSON, which knows none.
            kind: what was measured, such as 'train' or 'evaluate'.

        Raises:
            ValueError: if a value has two axes or more, or a name is 'step', 'time' or 'kind'.
        """
        if taken := _RESERVED & set(scalars):
            raise ValueError(f"a metric may not be called {sorted(taken)[0]!r}")
        values = {name: _value(name, value) for name, value in scalars.items()}
        record = {"step": int(step), "time": time.time(), "kind": kind}
        record |= {name: _jsonable(value) for name, value in values.items()}
        self._file.write(_line(record))
        self._file.flush()
        if self._events is None:
            return
        for name, value in values.items():
            tag = f"{kind}/{name}"
            self._events.add_scalar(tag, float(np.mean(value)), step)
            for i, trial in enumerate(value if value.ndim else ()):
                self._events.add_scalar(f"{tag}/trial_{i}", float(trial), step)

    def write_images(
        self, step: int, images: Mapping[str, np.ndarray], kind: str = "evaluate"
    ) -> None:
        """Shows images in TensorBoard as `<kind>/<name>`; does nothing without TensorBoard.

        Args:
            step: updates done so far, at least 0.
            images: arrays (height, width, channels), 1 or 3 channels, uint8, or floating in
                [0, 1].
            kind: what was measured.

        Raises:
            ValueError: if an array has another shape or dtype.
        """
        for name, image in images.items():
            image = np.asarray(image)
            if image.ndim != 3 or image.shape[-1] not in (1, 3):
                raise ValueError(f"image {name!r} must be (height, width, 1 or 3): {image.shape}")
            if image.dtype != np.uint8:
                if not np.issubdtype(image.dtype, np.floating):
                    raise ValueError(f"image {name!r} must be uint8 or floating: {image.dtype}")
                image = np.round(255.0 * np.clip(np.nan_to_num(image), 0.0, 1.0)).astype(np.uint8)
            if self._events is not None:
                self._events.add_image(f"{kind}/{name}", image, step, dataformats="HWC")

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
        partial = self._path.with_suffix(".jsonl.partial")
        with partial.open("wb") as file:
            file.writelines(map(_line, kept))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path)
        self._file = self._open()
        if self._events is not None:
            self._events.close()
            self._events = self._open_events(step + 1)

    def close(self) -> None:
        """Closes the files; the writer is of no use afterwards."""
        self._file.close()
        if self._events is not None:
            self._events.close()

    def _open(self) -> BinaryIO:
        if self._path.exists():
            whole = self._path.read_bytes().rfind(b"\n") + 1
            if whole < self._path.stat().st_size:
                os.truncate(self._path, whole)
        return self._path.open("ab")

    def _open_events(self, purge_step: int | None):  # noqa: ANN202
        # Imported late: it takes a second, and a run without TensorBoard does not need it.
        from tensorboardX import SummaryWriter

        # TensorBoard drops the events of earlier writers from purge_step on. Without the suffix,
        # writers opened within one second would share a file, and the later would empty it.
        return SummaryWriter(
            str(self._workdir / "tensorboard"),
            purge_step=purge_step,
            flush_secs=_EVENTS_FLUSH_SECONDS,
            filename_suffix=f".{time.time_ns()}",
        )


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


def _jsonable(value: np.ndarray) -> int | float | list | None:
    if value.ndim:
        return [_jsonable(entry) for entry in value]
    number = value.item()
    return number if math.isfinite(number) else None

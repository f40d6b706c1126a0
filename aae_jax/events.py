"""TensorBoard events, without TensorFlow and without a thread.

`tensorboardX` gives the format only. Its own writer hands events to a thread, which dies silently
on a full disk; the run would then hang at the next events.
"""

import os
import time
from collections.abc import Mapping
from typing import Any

import numpy as np


class Events:
    """One event file.

    Args:
        folder: where TensorBoard looks; made if needed.
        purge_step: TensorBoard drops what earlier files say of this step and later ones; None
            drops nothing.
    """

    def __init__(self, folder: str | os.PathLike, purge_step: int | None = None) -> None:
        # Imported late: it takes a second, and a run without TensorBoard does not need it.
        from tensorboardX.event_file_writer import EventsWriter
        from tensorboardX.proto.event_pb2 import SessionLog

        os.makedirs(folder, exist_ok=True)
        # Without the suffix, files opened within one second would be one, and the later writer
        # would empty it.
        self._file = EventsWriter(os.path.join(folder, "events"), f".{time.time_ns()}")
        if purge_step is not None:
            self._add(purge_step, session_log=SessionLog(status=SessionLog.START))
        self._file.flush()

    def write(
        self,
        step: int,
        kind: str,
        scalars: Mapping[str, np.ndarray],
        images: Mapping[str, np.ndarray],
    ) -> None:
        """Shows scalars as `<kind>/<name>`, and images likewise; they are on disk on return.

        Of values per trial the mean is shown, and each under `<kind>/<name>/trial_<i>`.

        Args:
            step: updates done so far.
            kind: what was measured.
            scalars: arrays of shape () or (trials,).
            images: uint8 arrays (height, width, 1 or 3).
        """
        from tensorboardX import summary

        for name, value in scalars.items():
            tag = f"{kind}/{name}"
            self._add(step, summary=summary.scalar(tag, float(np.mean(value))))
            for i, trial in enumerate(value if value.ndim else ()):
                self._add(step, summary=summary.scalar(f"{tag}/trial_{i}", float(trial)))
        for name, image in images.items():
            self._add(step, summary=summary.image(f"{kind}/{name}", image, dataformats="HWC"))
        self._file.flush()

    def close(self) -> None:
        """Closes the file; the object is of no use afterwards."""
        self._file.close()

    def _add(self, step: int, **content: Any) -> None:
        from tensorboardX.proto.event_pb2 import Event

        self._file.write_event(Event(step=step, wall_time=time.time(), **content))

"""Turns SIGINT and SIGTERM into a request that a loop can honour between two steps."""

import os
import signal
import threading
from types import FrameType, TracebackType


class Interrupt:
    """Context in which the first SIGINT or SIGTERM sets `signal_number` instead of killing.

    A second signal kills at once, even in the middle of a compilation. Outside the main thread,
    where signals cannot be caught, the context does nothing.

    Attributes:
        signal_number: the signal received, None so far.
    """

    def __init__(self) -> None:
        self.signal_number: int | None = None
        self._previous: dict[int, object] = {}

    def __enter__(self) -> "Interrupt":
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._previous[number] = signal.signal(number, self._handle)
        return self

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.signal_number = number
        # The system's own action, since Python's would wait until compiled code returns.
        for known in self._previous:
            signal.signal(known, signal.SIG_DFL)
        # Not logged: the signal may have come in the middle of a line of the log.
        os.write(2, b"stopping after this step; a second signal kills at once\n")

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._previous.clear()

"""One run of a sweep, in a process of its own."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Ended(NamedTuple):
    """How a process ended.

    Attributes:
        status: its exit status, 0 for success; negative for the signal that killed it.
        line: its last line of errors, "" where it wrote none.
    """

    status: int
    line: str


class Job:
    """A command to run; it can be sent to another machine.

    Args:
        command: the command line.
        log: file that gets all its output, after what is there; its folder is made.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._command = list(command)
        self._log = Path(log).absolute()
        self._process: subprocess.Popen | None = None
        self._stopped = False

    def __call__(self, environment: Mapping[str, str] | None = None) -> Ended:
        """Runs it to its end.

        Args:
            environment: variables to set on top of this process's.
        """
        if self._stopped:
            return Ended(128 + signal.SIGTERM, "stopped before it began")
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            begin = log.tell()
            # In a session of its own: a Ctrl-C at the terminal would reach it, and then `stop` as
            # the second signal, which kills.
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
            if self._stopped:  # meanwhile
                self._process.terminate()
            status = self._process.wait()
        with self._log.open("rb") as log:
            log.seek(begin)
            lines = log.read().decode(errors="replace").splitlines()
        ours = [line for line in lines if line.startswith("aae_jax: ")]
        return Ended(status, ([*lines[-1:], *ours] or [""])[-1].removeprefix("aae_jax: "))

    def stop(self) -> None:
        """Asks it to save and stop; returns at once."""
        self._stopped = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def checkpoint(self) -> Any:
        """What submitit calls before a time limit or a preemption: the job is queued again."""
        from submitit.helpers import DelayedSubmission

        self.stop()
        if self._process is not None:
            self._process.wait()
        return DelayedSubmission(Job(self._command, self._log))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_process": None, "_stopped": False}

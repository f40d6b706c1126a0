"""What the programs of this package tell in one line: input to change, a run that had to stop."""

import difflib
from collections.abc import Iterable


class UserError(ValueError):
    """Bad input (config, data, checkpoint or flag).

    The message is a single line that says what is wrong and how to mend it. `console.one_line`
    prints it without a traceback and exits with status 2; library callers catch it as a
    `ValueError`.
    """


class TrainingDiverged(RuntimeError):
    """A loss or a parameter became NaN or infinite; the message names the last good checkpoint."""


class TrainingInterrupted(RuntimeError):
    """A signal stopped the run after its state was saved.

    Attributes:
        signal_number: the signal.
    """

    def __init__(self, message: str, signal_number: int) -> None:
        super().__init__(message)
        self.signal_number = signal_number


def reason(error: BaseException) -> str:
    """What an exception of any library says, on one short line, to be quoted in a UserError."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 160 else f"{text[:157]}..."


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """For a line about an unknown name, to follow it: the nearest known one, '' if none is near."""
    near = difflib.get_close_matches(name, [other for other in known if other != name], n=1)
    return f": did you mean {near[0]}?" if near else ""


def out_of_memory(error: BaseException) -> bool:
    """Whether an error, of Python, NumPy or a device, says that memory does not suffice."""
    if isinstance(error, MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and (
        "RESOURCE_EXHAUSTED" in text or "out of memory" in text.lower()
    )


# What to do about it, for the end of a line.
LESS_MEMORY = "lower batch_size, trials or widths, raise accumulate, or take smaller data"

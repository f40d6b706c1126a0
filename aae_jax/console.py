"""What every program of this package does first and last: logs, compiled programs, its status."""

import contextlib
import signal
import sys
from collections.abc import Iterator, Sequence
from logging import ERROR, Formatter, LogRecord
from pathlib import Path
from types import FrameType

from absl import flags, logging

from aae_jax.errors import (
    LESS_MEMORY,
    TrainingDiverged,
    TrainingInterrupted,
    UserError,
    out_of_memory,
    reason,
)

_PACKAGE = Path(__file__).parent


def set_up() -> None:
    """Shows our own progress, and keeps compiled programs for the next process.

    Of the libraries below only errors are shown, but for those of Orbax, which it raises as well.
    The programs go to `data.cache.root()`, unless the user has chosen a folder.
    """
    import jax  # late, so that --help and mistyped flags answer at once

    from aae_jax.data import cache

    logging.set_verbosity(logging.INFO)
    handler = logging.get_absl_handler()
    handler.addFilter(_is_shown)
    handler.setFormatter(Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    # Compiling takes longer than all else before the first step, and gives the same every time.
    if not jax.config.jax_compilation_cache_dir:
        jax.config.update("jax_compilation_cache_dir", str(cache.root() / "compiled"))


def hush() -> None:
    """From here on shows no progress: for all processes of a run but the first, which tells it."""
    logging.set_verbosity(logging.ERROR)


def parse(argv: Sequence[str]) -> list[str]:
    """Parses a program's flags, as `app.run` wants it done.

    Returns:
        What is left of the command line.

    Raises:
        UserError: a flag that there is not, or a value that it cannot take.
    """
    try:
        return flags.FLAGS(argv)
    except flags.Error as error:
        raise UserError(f"{' '.join(str(error).split())} (see --help)") from error


def refuse_arguments(argv: Sequence[str]) -> None:
    """Raises a UserError where words are left on the command line: programs here take flags only.

    Args:
        argv: what `app.run` hands to a program, whose name comes first.
    """
    if len(argv) > 1:
        raise UserError(f"unexpected argument {argv[1]!r}: flags start with --")


@contextlib.contextmanager
def one_line(program: str) -> Iterator[None]:
    """Ends the process with one line on stderr where what happens inside cannot go on.

    Args:
        program: its name, which begins the line.

    Raises:
        SystemExit: with status 2, where input must change or the system refuses something; 3, where
            a training diverged; 128 + n, where signal n stopped it.
    """

    def fail(message: str, status: int) -> None:
        print(f"{program}: {message}", file=sys.stderr, flush=True)
        sys.exit(status)

    try:
        yield
    except UserError as error:
        fail(f"error: {error}", 2)
    except TrainingDiverged as error:
        fail(f"diverged: {error}", 3)
    except TrainingInterrupted as error:
        fail(f"interrupted: {error}", 128 + error.signal_number)
    except OSError as error:  # a disk that is full or read-only, a file in a folder's place, ...
        if not error.strerror:
            raise
        place = error.filename or "a file of the workdir or the cache"
        fail(f"error: {place}: {error.strerror}; mend that and run the same command to go on", 2)
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        fail(f"error: out of memory ({reason(error)}): {LESS_MEMORY}", 2)
    except Terminated:
        fail("interrupted: run the same command to go on", 128 + signal.SIGTERM)
    except KeyboardInterrupt:
        fail("interrupted: run the same command to go on", 128 + signal.SIGINT)


class Terminated(BaseException):
    """SIGTERM came: nothing that catches errors may stop it, and temporary files are removed."""


def stop_on_sigterm() -> None:
    """Lets SIGTERM raise `Terminated` from here on, as SIGINT raises KeyboardInterrupt."""

    def terminate(number: int, frame: FrameType | None) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, terminate)


def _is_shown(record: LogRecord) -> bool:
    if record.pathname.startswith(str(_PACKAGE)):
        return True
    return record.levelno >= ERROR and "orbax" not in Path(record.pathname).parts

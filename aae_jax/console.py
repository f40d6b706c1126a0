"""What every program of this package does before its first work: logs and compiled programs."""

from logging import ERROR, Formatter, LogRecord
from pathlib import Path

from absl import logging

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


def _is_shown(record: LogRecord) -> bool:
    if record.pathname.startswith(str(_PACKAGE)):
        return True
    return record.levelno >= ERROR and "orbax" not in Path(record.pathname).parts

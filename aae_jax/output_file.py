"""Files of results: checked before the work that they are for, and written whole."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from aae_jax.errors import UserError


def check(flag: str, path: str) -> None:
    """Checks that a file can be there; makes nothing.

    Args:
        flag: that names it, without dashes.
        path: the file's, which may exist.

    Raises:
        UserError: its folder is missing, or it is a folder itself.
    """
    folder = Path(path).parent
    if not folder.is_dir():
        raise UserError(f"--{flag}={path}: there is no folder {folder}: make it, or choose another")
    if Path(path).is_dir():
        raise UserError(f"--{flag}={path} is a folder: name a file in it")


def write(path: Path, text: str) -> None:
    """Writes text so that a reader, or who comes after a kill, finds the old file or the new one.

    What is no file, as /dev/stdout or a pipe, is written to and stays what it is.

    Raises:
        OSError: as the system has it; the old file stays.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    with replacing(path) as file:
        file.write(text.encode())


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write bytes to that takes the place of `path` once all is written, in one move.

    Raises:
        OSError: as the system has it; the old file stays.
    """
    # Of each process its own: two may write the same file at the same time.
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # or the move might reach the disk before the content
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise

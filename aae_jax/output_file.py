"""A file that the user names for results: checked before the work that it is for."""

from pathlib import Path

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

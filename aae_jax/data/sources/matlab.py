"""Arrays in files of MATLAB 5."""

from pathlib import Path

import numpy as np

from aae_jax.errors import UserError, reason


def shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each array in a file, which is not read.

    Raises:
        UserError: the file is damaged or another kind.
    """
    from scipy.io import whosmat

    try:
        return {name: shape for name, shape, _ in whosmat(path)}
    except Exception as error:  # scipy raises many types on damaged files
        raise UserError(_damaged(path, error)) from error


def arrays(path: Path, *names: str) -> dict[str, np.ndarray]:
    """Those of the named arrays that a file has.

    Raises:
        UserError: the file is damaged or another kind.
    """
    from scipy.io import loadmat

    try:
        content = loadmat(path, variable_names=names)
    except Exception as error:
        raise UserError(_damaged(path, error)) from error
    return {name: content[name] for name in names if name in content}


def _damaged(path: Path, error: Exception) -> str:
    return f"{path} is damaged or no MATLAB 5 file ({reason(error)}): get it again"

"""Weights of a trained network in a local file, read without unpickling anything."""

import zipfile
from pathlib import Path

import numpy as np

from aae_jax.errors import UserError, reason

ARRAYS = (".safetensors", ".npz")


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Name -> array of a .safetensors or .npz file.

    Raises:
        UserError: no such file, another kind of file, or a damaged one.
    """
    if not path.is_file():
        raise UserError(f"there is no file {path}")
    if path.suffix not in ARRAYS:
        raise UserError(
            f"{path.name} is neither {' nor '.join(ARRAYS)}; other files may run code when they "
            "are read"
        )
    # Only here: most runs read no weights.
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except (SafetensorError, OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(f"{path.name} is damaged: {reason(error)}") from error

"""The Toronto Face Database: one MATLAB file, which its authors give to those who ask."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from ml_collections import ConfigDict

from aae_jax.data.sources import matlab
from aae_jax.data.sources.base import Block, Source
from aae_jax.errors import UserError

FILE = "TFD_48x48.mat"
_FOLDS = 5
_EXPRESSIONS = 7  # written 1 to 7 in the file
_UNLABELLED = 0  # an image's number in every column of `folds`
_PARTS = {"train": 1, "valid": 2, "test": 3}


def open_source(config: ConfigDict) -> Source:
    """Opens the file that data.dir names, or TFD_48x48.mat in that folder.

    The file holds `images` uint8 (N, 48, 48), `labs_ex` (N, 1), expressions 1 to 7, and `folds`
    (N, 5), the part of each image in each of five folds: 0 unlabelled, 1 train, 2 valid, 3 test.

    Splits: 'unlabelled', and 'train', 'valid', 'test' of the first fold, 'train_2', 'valid_2',
    'test_2' of the second and so on up to 5. Labels are the expressions, 0 to 6; there are none in
    'unlabelled' nor in a union with it.

    Raises:
        UserError: no such file (says how to get it), damaged, of another form, or the splits of
            the config belong to different folds.
    """
    path = _path(config.dir)
    _check_folds(config)
    folds, expression = _read(path, "folds"), _read(path, "labs_ex").reshape(-1)
    shape = matlab.shapes(path).get("images", ())
    if len(shape) != 3 or folds.shape != (shape[0], _FOLDS) or len(expression) != shape[0]:
        raise UserError(
            f"{path} has images {shape}, folds {folds.shape} and labs_ex {expression.shape}, not "
            f"(N, 48, 48), (N, {_FOLDS}) and (N, 1): copy {FILE} again"
        )
    members = {"unlabelled": np.flatnonzero((folds == _UNLABELLED).all(axis=1))}
    for fold in range(_FOLDS):
        for part, number in _PARTS.items():
            name = part if fold == 0 else f"{part}_{fold + 1}"
            members[name] = np.flatnonzero(folds[:, fold] == number)

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        index = members[split][start:stop]
        images = _read(path, "images")
        if images.dtype != np.uint8:
            raise UserError(
                f"{path} has pixels of type {images.dtype}, not uint8: ask for it again"
            )
        label = None if split == "unlabelled" else expression[index].astype(np.int32) - 1
        yield images[index][..., None], label

    sizes = {name: len(index) for name, index in members.items() if len(index)}
    return Source(f"the Toronto Face Database in {path}", sizes, _EXPRESSIONS, read, (path,))


def _path(directory: str) -> Path:
    path = Path(directory).expanduser()
    path = path / FILE if directory and path.is_dir() else path
    if not directory or not path.is_file():
        where = f"data.dir='{directory}' has no {FILE}" if directory else "data.dir is empty"
        raise UserError(
            f"data.name=tfd needs the file {FILE}, but {where}: the Toronto Face Database is not "
            "public, ask its authors (J. Susskind, A. Anderson, G. Hinton, University of Toronto) "
            "for it and set data.dir to the file or its folder"
        )
    return path


def _check_folds(config: ConfigDict) -> None:
    """Refuses a mixture of folds: one fold's training images are another's test images."""
    fields = ("train_split", "validation_split", "test_split")
    parts = re.findall(r"(train|valid|test)(_\d)?", " ".join(config[field] for field in fields))
    if len({fold for _, fold in parts}) > 1:
        named = ", ".join(f"data.{field}='{config[field]}'" for field in fields if config[field])
        raise UserError(
            f"{named} mix folds of the Toronto Face Database, which share images: name splits of "
            "one fold, e.g. 'train_2', 'valid_2' and 'test_2'"
        )


def _read(path: Path, name: str) -> np.ndarray:
    content = matlab.arrays(path, name)
    if name not in content:
        raise UserError(f"{path} has no array '{name}': it is not the usual {FILE}")
    return content[name]

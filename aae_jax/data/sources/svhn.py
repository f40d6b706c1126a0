"""SVHN's cropped digits as published: MATLAB files."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from aae_jax.data.sources import matlab
from aae_jax.data.sources.base import Block, Source
from aae_jax.errors import UserError

WANTED = "train_32x32.mat, test_32x32.mat (and extra_32x32.mat)"


def find(folder: Path) -> Source | None:
    """Opens the .mat files in a folder; None if there are none.

    Raises:
        UserError: a file is damaged or holds something else.
    """
    files = {split: folder / f"{split}_32x32.mat" for split in ("train", "test", "extra")}
    files = {split: path for split, path in files.items() if path.is_file()}
    if not files:
        return None
    splits = {split: _count(path) for split, path in files.items()}

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        yield _read(files[split], start, stop)

    return Source(f"SVHN .mat files in {folder}", splits, 10, read, tuple(files.values()))


def _count(path: Path) -> int:
    shapes = matlab.shapes(path)
    x, y = shapes.get("X"), shapes.get("y")
    if x is None or y is None or len(x) != 4 or x[3] != y[0]:
        raise UserError(f"{path} has X {x} and y {y}, not X (32, 32, 3, N) and y (N, 1)")
    return x[3]


def _read(path: Path, start: int, stop: int) -> Block:
    content = matlab.arrays(path, "X", "y")
    images = np.ascontiguousarray(content["X"][..., start:stop].transpose(3, 0, 1, 2))
    label = content["y"][start:stop, 0].astype(np.int32)
    if images.dtype != np.uint8:
        raise UserError(f"{path} has pixels of type {images.dtype}, not uint8: download it again")
    if label.min() < 1 or label.max() > 10:
        raise UserError(f"{path} has labels outside 1..10: download it again")
    return images, label % 10  # the files write the digit 0 as 10

"""MNIST's own files: IDX, plain or gzipped. Fashion-MNIST and Kuzushiji-MNIST use the same."""

import contextlib
import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np

from aae_jax.data.sources.base import Block, Source
from aae_jax.errors import UserError

WANTED = (
    "train-images-idx3-ubyte[.gz], train-labels-idx1-ubyte[.gz], t10k-images-idx3-ubyte[.gz], "
    "t10k-labels-idx1-ubyte[.gz]"
)
_PREFIXES = {"train": "train", "test": "t10k"}
_MAGIC = {3: 0x803, 1: 0x801}  # unsigned bytes of three axes, of one


def find(folder: Path) -> Source | None:
    """Opens the IDX files in a folder; None if there are none.

    Raises:
        UserError: a file is missing its counterpart, damaged or not IDX.
    """
    files, splits = {}, {}
    for split, prefix in _PREFIXES.items():
        images = _existing(folder, f"{prefix}-images", 3)
        if images is None:
            continue
        labels = _existing(folder, f"{prefix}-labels", 1)
        if labels is None:
            raise UserError(f"{folder} has {images.name} but not {prefix}-labels-idx1-ubyte[.gz]")
        count, count_labels = _header(images, 3)[0], _header(labels, 1)[0]
        if count != count_labels:
            raise UserError(
                f"{images} has {count:,} images but {labels.name} has {count_labels:,} labels: "
                "download both again"
            )
        files[split], splits[split] = (images, labels), count
    if not files:
        return None

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        images, labels = files[split]
        yield _read(images, 3)[start:stop, :, :, None], _read(labels, 1)[start:stop]

    return Source(f"IDX files in {folder}", splits, 10, read, tuple(chain(*files.values())))


def _existing(folder: Path, stem: str, axes: int) -> Path | None:
    # Both spellings are about; a file that was unpacked wins over its archive.
    names = [f"{stem}{mark}idx{axes}-ubyte{end}" for end in ("", ".gz") for mark in "-."]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _header(path: Path, axes: int) -> tuple[int, ...]:
    with _damage_named(path), _open(path) as file:
        return _parse_header(file, path, axes)


def _parse_header(file: IO[bytes], path: Path, axes: int) -> tuple[int, ...]:
    magic, *shape = struct.unpack(f">{1 + axes}I", file.read(4 * (1 + axes)))
    if magic != _MAGIC[axes]:
        raise UserError(
            f"{path} starts with {magic:#010x}, not {_MAGIC[axes]:#010x}: it is not an IDX file "
            f"of {'images' if axes == 3 else 'labels'}; download it again"
        )
    return tuple(shape)


def _read(path: Path, axes: int) -> np.ndarray:
    with _damage_named(path), _open(path) as file:
        shape = _parse_header(file, path, axes)
        content = file.read()
    if len(content) != math.prod(shape):
        raise UserError(
            f"{path} holds {len(content):,} bytes where its header says {math.prod(shape):,}: "
            "download it again"
        )
    return np.frombuffer(content, np.uint8).reshape(shape)


@contextlib.contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Turns what a damaged file raises into one line that names it."""
    try:
        yield
    except (EOFError, OSError, zlib.error, struct.error) as error:
        raise UserError(f"{path} is damaged or cut short: download it again") from error

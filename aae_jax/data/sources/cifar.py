"""CIFAR-10 as published: the Python batches or the binary version."""

import codecs
import pickle
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from aae_jax.data.sources.base import Source, in_memory
from aae_jax.errors import UserError, reason

WANTED = "the folder cifar-10-batches-py or cifar-10-batches-bin"
_TRAIN = [f"data_batch_{i}" for i in range(1, 6)]
_PIXELS = 3 * 32 * 32
_NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def find(folder: Path) -> Source | None:
    """Opens the batches in a folder, or in its cifar-10-batches-py or -bin; None if there are none.

    Raises:
        UserError: a batch is missing or damaged.
    """
    for place in (folder / "cifar-10-batches-py", folder / "cifar-10-batches-bin", folder):
        for suffix, read in (("", _read_python), (".bin", _read_binary)):
            if not any((place / f"{name}{suffix}").is_file() for name in [*_TRAIN, "test_batch"]):
                continue
            files = {
                "train": tuple(place / f"{name}{suffix}" for name in _TRAIN),
                "test": (place / f"test_batch{suffix}",),
            }
            splits = {
                split: _join([read(path) for path in paths]) for split, paths in files.items()
            }
            every = (*files["train"], *files["test"])
            source = in_memory(f"CIFAR-10 batches in {place}", splits, len(_NAMES), every)
            return replace(source, class_names=tuple(_NAMES))
    return None


def _join(batches: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    planes, label = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    return planes.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), label


def _read_binary(path: Path) -> tuple[np.ndarray, np.ndarray]:
    content = np.frombuffer(_bytes(path), np.uint8)
    if not content.size or content.size % (1 + _PIXELS):
        raise UserError(
            f"{path} has {content.size:,} bytes, no multiple of {1 + _PIXELS:,}: download it again"
        )
    rows = content.reshape(-1, 1 + _PIXELS)
    return rows[:, 1:], rows[:, 0].astype(np.int32)


def _read_python(path: Path) -> tuple[np.ndarray, np.ndarray]:
    _bytes(path)  # a missing file is named before anything is unpickled
    try:
        with path.open("rb") as file:
            batch = _Unpickler(file, encoding="bytes").load()
        # Batches written anew by Python 3 may have text for keys.
        batch = {key.encode() if isinstance(key, str) else key: batch[key] for key in batch}
        data, label = batch[b"data"], np.asarray(batch[b"labels"], np.int32)
        if data.dtype != np.uint8 or data.shape != (len(label), _PIXELS):
            raise ValueError(f"data is {data.dtype} {data.shape} for {len(label)} labels")
    except Exception as error:  # unpickling damaged bytes can raise anything
        raise UserError(
            f"{path} is no CIFAR-10 batch or is damaged ({reason(error)}): download it again"
        ) from error
    return data, label


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} is missing: {path.parent} must hold all batches") from error


class _Unpickler(pickle.Unpickler):
    """Builds numpy arrays and builtin containers, and calls nothing else that a file may name."""

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        super().__init__(file, **options)
        reconstruct = np.zeros(0).__reduce__()[0]
        self._allowed = {
            # numpy moved the function; old files name its old place.
            ("numpy.core.multiarray", "_reconstruct"): reconstruct,
            ("numpy._core.multiarray", "_reconstruct"): reconstruct,
            ("numpy", "ndarray"): np.ndarray,
            ("numpy", "dtype"): np.dtype,
            # How Python 3 writes bytes into a pickle of Python 2's protocol.
            ("_codecs", "encode"): codecs.encode,
            ("__builtin__", "bytes"): bytes,
        }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._allowed:
            raise pickle.UnpicklingError(f"names {module}.{name}, which no CIFAR-10 batch needs")
        return self._allowed[module, name]

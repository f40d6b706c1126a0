"""Decoded examples kept on disk, so that a set is decoded once.

An entry is two files: `<key>.npy` with the examples, and `<key>.npz` with the labels and the
examples' CRC-32. Each is written aside and moved into place; the second comes last, so an entry
that has both is complete. Whatever does not check out counts as absent and is written anew.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from absl import logging

from aae_jax import output_file

_LAYOUT = 1  # of the entries, and of the decoding that fills them: raise it to retire old ones
_MAP_FROM = 512 * 2**20  # bytes from which examples stay on disk, mapped into memory
_CHUNK = 64 * 2**20

Examples = tuple[np.ndarray, np.ndarray | None]


def root() -> Path:
    """The package's folder for cached data: $AAE_JAX_CACHE, else ~/.cache/aae_jax."""
    return Path(os.environ.get("AAE_JAX_CACHE") or "~/.cache/aae_jax").expanduser()


def key(name: str, files: Iterable[Path], settings: dict[str, Any]) -> str:
    """Names an entry after everything that its content depends on.

    Args:
        name: the data set, for humans who look into the folder.
        files: the source's files; their paths, sizes and modification times enter the key.
        settings: whatever else decides the content (JSON values).
    """
    stats = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    text = json.dumps([_LAYOUT, name, stats, settings], sort_keys=True)
    return f"{name.replace('/', '-')}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def load_or_make(entry: str, make: Callable[[], Examples]) -> Examples:
    """Reads the entry, or makes its examples (data, label or None) and writes it."""
    folder = root() / "decoded"
    found = _read(folder, entry)
    if found is not None:
        logging.info("Decoded examples read from %s.", folder / entry)
        return found
    examples = make()
    try:
        _write(folder, entry, *examples)
    except OSError as error:  # no space, read-only: slower next time, but no reason to stop
        logging.warning("Cannot cache decoded examples in %s: %s", folder, error)
    return examples


def _read(folder: Path, entry: str) -> Examples | None:
    try:
        with np.load(folder / f"{entry}.npz", allow_pickle=False) as archive:
            checksum, label = int(archive["checksum"]), archive.get("label")
        data = np.load(folder / f"{entry}.npy", mmap_mode="r", allow_pickle=False)
        if _checksum(data) != checksum:
            raise ValueError("wrong checksum")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        logging.warning("Cached examples %s are damaged (%s); making them anew.", entry, error)
        return None
    return (np.asarray(data) if data.nbytes >= _MAP_FROM else np.array(data)), label


def _write(folder: Path, entry: str, data: np.ndarray, label: np.ndarray | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {"checksum": np.asarray(_checksum(data), np.int64)}
    if label is not None:
        arrays["label"] = label
    with output_file.replacing(folder / f"{entry}.npy") as file:
        np.save(file, data, allow_pickle=False)
    with output_file.replacing(folder / f"{entry}.npz") as file:
        np.savez(file, **arrays)


def _checksum(data: np.ndarray) -> int:
    flat = data.reshape(-1).view(np.uint8)
    checksum = 0
    for start in range(0, flat.size, _CHUNK):
        checksum = zlib.crc32(flat[start : start + _CHUNK], checksum)
    return checksum

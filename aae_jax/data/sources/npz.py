"""A numpy archive: x_<split> with y_<split>, or images with labels."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from ml_collections import ConfigDict

from aae_jax.data.sources.base import Source, in_memory
from aae_jax.errors import UserError, reason


def open_source(config: ConfigDict) -> Source:
    """Opens the archive that data.dir names, or the only .npz in that folder.

    Arrays called x_train, x_test, ... are splits, with integer labels in y_train, y_test, ... if
    the archive has them; `images` with `labels` is split 'train'. Images are [N, H, W] or
    [N, H, W, C]: integers in [0, 255], bools, floats in [0, 1] (rounded to 8 bits), or whole
    floats in [0, 255]. Float arrays [N, D] are points and are kept as they are.

    Where there is no split 'test', a tenth of 'train' is held out at random for it.

    Raises:
        UserError: no such archive, damaged, or arrays of another form.
    """
    path = _path(config.dir)
    arrays = _load(path)
    data, label = {}, {}
    for key, array in arrays.items():
        if key.startswith("x_"):
            data[key[2:]], label[key[2:]] = array, arrays.get(f"y_{key[2:]}")
    if "images" in arrays:
        if "train" in data:
            raise UserError(f"{path} has both x_train and images: keep one of them")
        data["train"], label["train"] = arrays["images"], arrays.get("labels")
    if not data:
        raise UserError(
            f"{path} has {', '.join(arrays) or 'nothing'}; expected x_train, y_train, x_test, "
            "y_test, or images, labels"
        )
    with_labels = [split for split in data if label[split] is not None]
    if with_labels and len(with_labels) < len(data):
        without = next(split for split in data if label[split] is None)
        raise UserError(f"{path} has labels for '{with_labels[0]}' but none for '{without}'")
    converted = _examples(data, path)
    labels = {split: _labels(label[split], len(data[split]), split, path) for split in with_labels}
    num_classes = 1 + max((int(values.max()) for values in labels.values()), default=-1)
    splits = {split: (converted[split], labels.get(split)) for split in data}
    return replace(in_memory(f"{path}", splits, num_classes, (path,)), owned=True)


def _path(directory: str) -> Path:
    path = Path(directory).expanduser()
    if directory and path.is_file():
        return path
    found = sorted(path.glob("*.npz")) if directory and path.is_dir() else []
    if len(found) != 1:
        raise UserError(
            f"data.name=npz needs an archive, but data.dir='{directory}' is no .npz file and no "
            f"folder with exactly one (it has {len(found)})"
        )
    return found[0]


def _load(path: Path) -> dict[str, np.ndarray]:
    try:
        archive = np.load(path, allow_pickle=False)
        if isinstance(archive, np.ndarray):
            raise ValueError("it holds one array: name arrays by np.savez(path, x_train=...)")
        with archive:
            return {key: archive[key] for key in archive.files}
    except Exception as error:  # zip, zlib, header and pickle troubles all have their own types
        raise UserError(
            f"{path} cannot be read as .npz ({reason(error)}): save it again"
        ) from error


def _examples(data: dict[str, np.ndarray], path: Path) -> dict[str, np.ndarray]:
    shapes = {split: array.shape for split, array in data.items()}
    if (
        any(array.size == 0 for array in data.values())
        or len({shape[1:] for shape in shapes.values()}) > 1
    ):
        raise UserError(f"{path}: splits {shapes} are empty or differ in the shape of an example")
    axes = {array.ndim for array in data.values()}
    floats = all(np.issubdtype(array.dtype, np.floating) for array in data.values())
    if axes == {2} and floats:
        return {split: array.astype(np.float32) for split, array in data.items()}
    if axes not in ({3}, {4}):
        raise UserError(
            f"{path}: arrays of shape {shapes} are neither images [N, H, W(, C)] nor float points "
            "[N, D]: reshape them"
        )
    convert = _converter(data, path)
    pixels = {split: convert(array) for split, array in data.items()}
    return {
        split: array if array.ndim == 4 else array[..., None] for split, array in pixels.items()
    }


def _converter(data: dict[str, np.ndarray], path: Path) -> Callable[[np.ndarray], np.ndarray]:
    """The conversion to uint8 that suits the values of all splits together."""
    kinds = {array.dtype.kind for array in data.values()}
    if not kinds <= set("buif"):
        raise UserError(f"{path}: images of type {next(iter(data.values())).dtype} are not numbers")
    lo = min(float(array.min()) for array in data.values())
    hi = max(float(array.max()) for array in data.values())
    found = f"{path}: image values run from {lo:g} to {hi:g}"
    if not np.isfinite(lo + hi):
        raise UserError(f"{found}: remove the NaN or infinite values")
    if kinds <= set("ui") and hi == 1:
        raise UserError(
            f"{found} as integers: save them as bool or float if 1 is meant to be white"
        )
    if lo >= 0 and hi <= 1 and not kinds <= set("ui"):
        return lambda array: np.rint(np.asarray(array, np.float32) * 255).astype(np.uint8)
    whole = "f" not in kinds or all(
        bool((array == np.rint(array)).all()) for array in data.values()
    )
    if lo >= 0 and hi <= 255 and whole:
        return lambda array: array.astype(np.uint8)
    raise UserError(
        f"{found}; allowed are [0, 1], or whole numbers in [0, 255]: rescale them (what the "
        "networks see is set by data.value_range)"
    )


_MOST_CLASSES = 100_000  # larger numbers are names, of which tables would fill the memory


def _labels(label: np.ndarray, n: int, split: str, path: Path) -> np.ndarray:
    if label.shape not in ((n,), (n, 1)) or label.dtype.kind not in "ui":
        raise UserError(
            f"{path}: labels of '{split}' are {label.dtype} {label.shape}, expected integers ({n},)"
        )
    if label.min() < 0:
        raise UserError(f"{path}: labels of '{split}' go down to {label.min()}, expected 0 and up")
    if label.max() >= _MOST_CLASSES:
        raise UserError(
            f"{path}: labels of '{split}' go up to {label.max()}: number the classes from 0 on"
        )
    return label.reshape(n)

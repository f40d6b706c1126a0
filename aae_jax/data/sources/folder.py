"""A folder of images: root/<split>/<class>/*, root/<class>/*, or without classes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from ml_collections import ConfigDict

from aae_jax.data import images
from aae_jax.data.sources.base import Block, Source
from aae_jax.errors import UserError

_SPLITS = ("train", "test", "validation", "val", "valid", "extra")
_SUFFIXES = (".png", ".jpg", ".jpeg")


def open_source(config: ConfigDict) -> Source:
    """Opens the images under data.dir.

    Folders called train, test, validation, val, valid or extra directly in data.dir are splits;
    if there are none, everything is split 'train'. Folders in a split are classes, numbered in
    the order of their names; images directly in a split have no labels. The images of a split
    are in a fixed shuffled order, so that a slice holds all classes.

    Raises:
        UserError: no images, or labelled and unlabelled ones mixed. While reading: a damaged one.
    """
    root = Path(config.dir).expanduser()
    if not config.dir or not root.is_dir():
        raise UserError(
            f"data.name=image_folder needs a folder, but data.dir='{config.dir}' is none: give one "
            "with images in <split>/<class>/ or <class>/"
        )
    folders = {name: root / name for name in _SPLITS if (root / name).is_dir()} or {"train": root}
    found = {split: _images(folder) for split, folder in folders.items()}
    found = {split: paths for split, paths in found.items() if paths}
    if not found:
        raise UserError(f"data.dir='{root}' has no .png or .jpg in <split>/<class>/ or <class>/")
    everything = [path for paths in found.values() for path in paths]
    unlabelled = [path for path in everything if path.parent in folders.values()]
    classes = {path.parent.name for path in everything} if not unlabelled else set()
    if unlabelled and len(unlabelled) < len(everything):
        raise UserError(f"{unlabelled[0]} lies outside the class folders: move it into one")
    number = {name: k for k, name in enumerate(sorted(classes))}

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        paths = found[split][start:stop]
        for pictures in images.decode_files(paths, 0, f"{root} '{split}'"):
            block, paths = paths[: len(pictures)], paths[len(pictures) :]
            label = np.array([number[path.parent.name] for path in block]) if number else None
            yield pictures, label

    return Source(
        origin=f"images in {root}",
        splits={split: len(paths) for split, paths in found.items()},
        num_classes=len(number),
        read=read,
        files=tuple(everything),
        lossy=any(path.suffix.lower() != ".png" for path in everything),
    )


def _images(folder: Path) -> list[Path]:
    depths = (folder.glob("*"), folder.glob("*/*"))
    paths = sorted(path for depth in depths for path in depth if path.suffix.lower() in _SUFFIXES)
    paths = [path for path in paths if path.is_file()]
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(0)))
    return [paths[i] for i in rng.permutation(len(paths))]

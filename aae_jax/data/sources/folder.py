"""A folder of images: root/<split>/<class>/*, root/<class>/*, or without classes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from absl import logging
from ml_collections import ConfigDict

from aae_jax.data import images
from aae_jax.data.sources.base import Block, Source, shuffled, visible
from aae_jax.errors import UserError

# Name of a folder, in any case -> the split.
_SPLITS = {
    **{name: name for name in ("train", "test", "validation", "val", "valid", "extra")},
    "training": "train",
    "testing": "test",
}
_LOSSLESS = (".png", ".bmp", ".tif", ".tiff")
_SUFFIXES = (*_LOSSLESS, ".jpg", ".jpeg", ".webp")
_FORMS = "<split>/<class>/, <class>/ or <split>/, or directly in the folder"


def open_source(config: ConfigDict) -> Source:
    """Opens the images under data.dir.

    Folders called train (or training), test (or testing), validation, val, valid or extra, in any
    case, directly in data.dir are splits; if there are none, everything is split 'train'. Folders
    in a split are classes, numbered in the order of their names, which figures show; images
    directly in a split have no labels. The images of a split are in a fixed shuffled order, so that
    a slice holds all classes. Where there is no split 'test', a tenth of 'train' is held out at
    random for it.

    Hidden files and folders (names that begin with '.' or '__') are passed over; other files that
    are no images are counted in the log.

    Raises:
        UserError: no images, images deeper than the classes, labelled and unlabelled ones mixed, or
            two folders of one split. While reading: a damaged one.
    """
    root = Path(config.dir).expanduser()
    if not config.dir or not root.is_dir():
        raise UserError(
            f"data.name=image_folder needs a folder, but data.dir='{config.dir}' is none: give one "
            f"with images in {_FORMS}"
        )
    folders = _splits(root)
    found = {split: _images(folder) for split, folder in folders.items()}
    found = {split: paths for split, paths in found.items() if paths}
    if not found:
        raise UserError(
            f"data.dir='{root}' has no images ({', '.join(_SUFFIXES)}) in {_FORMS}: check the path"
        )
    everything = [path for paths in found.values() for path in paths]
    others = [folder for folder in _folders(root) if folder not in folders.values()]
    within = [folder for other in others for folder in _folders(other)]
    stray = [path for path in _files(root, *others, *within) if _is_image(path)]
    if stray and root not in folders.values():
        logging.warning(
            "%d images in %s lie outside of its splits %s and are left out, such as %s.",
            *(len(stray), root, ", ".join(folders), stray[0]),
        )
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
        lossy=any(path.suffix.lower() not in _LOSSLESS for path in everything),
        owned=True,
        class_names=tuple(number),
    )


def _splits(root: Path) -> dict[str, Path]:
    """Split -> its folder."""
    folders: dict[str, Path] = {}
    for folder in _folders(root):
        split = _SPLITS.get(folder.name.lower())
        if split in folders:
            raise UserError(f"{folders[split]} and {folder} are both split '{split}': join them")
        if split:
            folders[split] = folder
    return folders or {"train": root}


def _images(folder: Path) -> list[Path]:
    """Images in a folder and in its classes, in a fixed shuffled order."""
    classes = _folders(folder)
    deeper = [inner for place in classes for inner in _folders(place)]
    if deep := next(filter(_is_image, _files(*deeper)), None):
        raise UserError(
            f"{deep} lies too deep: images are looked for in {_FORMS}; move it, or set data.dir to "
            "a folder further down"
        )
    files = _files(folder, *classes)
    paths = sorted(path for path in files if _is_image(path))
    if len(paths) < len(files):
        logging.warning(
            "%d files in %s are no images and are left out, such as %s.",
            *(len(files) - len(paths), folder, next(p.name for p in files if not _is_image(p))),
        )
    return shuffled(paths)


def _folders(folder: Path) -> list[Path]:
    return [path for path in visible(folder) if path.is_dir()]


def _files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in visible(folder) if path.is_file()]


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")

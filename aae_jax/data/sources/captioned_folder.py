"""Your own images with captions, or the 102 flowers: an image, and a text file with its captions.

The captions of the Oxford 102 flowers are those that were gathered for "Learning Deep
Representations of Fine-Grained Visual Descriptions", ten of each image.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ml_collections import ConfigDict

from aae_jax.data import images
from aae_jax.data.captions import words
from aae_jax.data.sources.base import Block, Source, shuffled, visible
from aae_jax.errors import UserError, reason

_SUFFIXES = (".png", ".jpg", ".jpeg")
_SPLITS = ("train", "validation", "test")
_IMAGES, _TEXTS = "jpg", "text_c10"  # folders of the flowers


@dataclass(frozen=True)
class _Pair:
    image: Path
    text: Path
    label: int  # 0 where there are no classes


def open_source(config: ConfigDict) -> Source:
    """Opens the images and captions under data.dir.

    Either the flowers' layout: jpg/NAME.jpg and text_c10/CLASS/NAME.txt, where trainclasses.txt,
    valclasses.txt and testclasses.txt, if data.dir has them, say which classes are in which split.
    Or NAME.jpg (or .png) with NAME.txt beside it, in data.dir or in train/, validation/ and test/
    in it. A text file has one caption a line. Where nothing says which images are for testing, all
    are split 'train', in a fixed shuffled order, and a tenth of it is held out for tests.

    Raises:
        UserError: no images, an image without its text file, or a text file without captions or
            that is no UTF-8 text. While reading: a damaged image.
    """
    root = Path(config.dir).expanduser()
    if not config.dir or not root.is_dir():
        raise UserError(
            f"data.name=captioned_folder needs a folder, but data.dir='{config.dir}' is none: give "
            f"one with NAME.jpg and NAME.txt, or with {_IMAGES}/ and {_TEXTS}/ as the flowers have"
        )
    flowers = (root / _TEXTS).is_dir()
    splits, classes, lists = _flowers(root) if flowers else (_plain(root), 0, [])
    splits = {name: pairs for name, pairs in splits.items() if pairs}
    if not splits:
        raise UserError(
            f"data.dir='{root}' has no images: put NAME.jpg or .png there, with the captions in "
            "NAME.txt, one a line"
        )
    captions = {name: [_captions(pair) for pair in pairs] for name, pairs in splits.items()}
    paths = {name: [pair.image for pair in pairs] for name, pairs in splits.items()}

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        for block in images.decode_files(paths[split][start:stop], 0, f"{root} '{split}'"):
            stop = start + len(block)
            label = np.array([pair.label for pair in splits[split][start:stop]])
            start = stop
            yield block, label if classes else None

    pictures = [path for of_split in paths.values() for path in of_split]
    # Flowers have their classes from where their captions lie.
    texts = [pair.text for pairs in splits.values() for pair in pairs]
    return Source(
        origin=f"images with captions in {root}",
        splits={name: len(pairs) for name, pairs in splits.items()},
        num_classes=classes,
        read=read,
        files=(*pictures, *texts, *lists),
        lossy=any(path.suffix.lower() != ".png" for path in pictures),
        owned=True,
        captions=captions,
    )


def _plain(root: Path) -> dict[str, list[_Pair]]:
    """Images with their text files beside them."""

    def pairs(folder: Path) -> list[_Pair]:
        paths = [path for path in visible(folder) if path.suffix.lower() in _SUFFIXES]
        return [_Pair(path, path.with_suffix(".txt"), 0) for path in paths]

    named = {name: pairs(root / name) for name in _SPLITS if (root / name).is_dir()}
    if not named:
        return {"train": shuffled(pairs(root))}
    if len(named) == 1 or "train" not in named:
        raise UserError(
            f"data.dir='{root}' has the folders {', '.join(named)}: make train/ and test/, or none"
        )
    return named


def _flowers(root: Path) -> tuple[dict[str, list[_Pair]], int, list[Path]]:
    """The flowers by split, the number of their classes, and the files that list the splits."""
    texts = {path.stem: path for path in (root / _TEXTS).glob("*/*.txt")}
    classes = sorted({path.parent.name for path in texts.values()})
    pairs = []
    for image in sorted((root / _IMAGES).glob("[!.]*.jpg")):
        if image.stem not in texts:
            raise UserError(
                f"{image} has no captions: {root / _TEXTS} has no {image.stem}.txt in its class's "
                "folder; add it or remove the image"
            )
        text = texts[image.stem]
        pairs.append(_Pair(image, text, classes.index(text.parent.name)))
    lists = {split: path for split, path in _lists(root).items() if path.is_file()}
    listed = _listed_classes(root, classes, lists)
    if not listed:
        return {"train": shuffled(pairs)}, len(classes), []
    splits = {
        split: [pair for pair in pairs if classes[pair.label] in names]
        for split, names in listed.items()
    }
    return splits, len(classes), list(lists.values())


def _lists(root: Path) -> dict[str, Path]:
    names = {"train": "trainclasses", "validation": "valclasses", "test": "testclasses"}
    return {split: root / f"{name}.txt" for split, name in names.items()}


def _listed_classes(
    root: Path, classes: list[str], files: Mapping[str, Path]
) -> Mapping[str, set[str]]:
    """Names of the classes of each split, {} where there are no files that list them."""
    listed = {split: set(_lines(path)) for split, path in files.items()}
    for split, names in listed.items():
        unknown = sorted(names - set(classes))
        if unknown:
            raise UserError(
                f"{files[split]} names the class {unknown[0]}, which {root / _TEXTS} has no "
                "folder of: correct that line"
            )
    if listed and not {"train", "test"} <= set(listed):
        raise UserError(
            f"{root} has {', '.join(files[split].name for split in listed)}: add the other of "
            "trainclasses.txt and testclasses.txt, or have none of them"
        )
    return listed


def _captions(pair: _Pair) -> tuple[str, ...]:
    """The captions of an image, one for each line of its file with a word in it."""
    if not pair.text.is_file():
        raise UserError(
            f"{pair.image} has no captions: write {pair.text.name} beside it, one caption a line, "
            "or remove the image"
        )
    captions = tuple(line for line in _lines(pair.text) if words(line))
    if not captions:
        raise UserError(
            f"{pair.text} has no captions: write what {pair.image.name} shows, one caption a line, "
            "or remove the image"
        )
    return captions


def _lines(path: Path) -> list[str]:
    """The lines of a text file that hold more than space."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text: save it as such") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {reason(error)}") from error
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]

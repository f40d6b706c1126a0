"""CelebA's aligned faces as published: a folder of JPEGs, and which part each belongs to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from aae_jax.data import images
from aae_jax.data.sources.base import Block, Source
from aae_jax.errors import UserError

SIDE = 108  # of the square cut from the middle
FACES = "img_align_celeba"
PARTITION = "list_eval_partition.txt"
WANTED = f"{FACES}/*.jpg (and {PARTITION})"

_SHAPE = (218, 178, 3)
_PARTS = ("train", "validation", "test")  # written 0, 1, 2 in the partition file
_LAST = (162_770, 182_637, 202_599)  # number of the last face of each part, as published


def find(folder: Path) -> Source | None:
    """Opens the aligned faces in a folder, or in img_align_celeba in it; None if there are none.

    The parts are those of list_eval_partition.txt, beside the faces or beside their folder. Where
    it is missing, a face's number says its part, as published: train up to 162770, validation up
    to 182637, test up to 202599.

    Raises:
        UserError: the partition file is damaged or lacks a face, or without it a face has no such
            number. While reading: a damaged image.
    """
    faces = folder if folder.name == FACES else folder / FACES
    paths = sorted(faces.glob("*.jpg"))
    if not paths:
        return None
    listed = [path for path in (faces / PARTITION, faces.parent / PARTITION) if path.is_file()]
    parts = _listed(listed[0], paths) if listed else [_published(path) for path in paths]
    found: dict[str, list[Path]] = {}
    for path, part in zip(paths, parts, strict=True):
        found.setdefault(_PARTS[part], []).append(path)

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        for block in images.decode_files(found[split][start:stop], 3, f"{faces} '{split}'"):
            yield block, None

    return Source(
        origin=f"CelebA's faces in {faces}",
        splits={split: len(found[split]) for split in _PARTS if split in found},
        num_classes=0,
        read=read,
        files=(*listed[:1], *paths),
        lossy=True,
    )


def crop(source: Source) -> Source:
    """Cuts the middle 108x108 pixels from each face.

    "AIM: Adversarial Inference by Matching Priors and Conditionals" says that its faces are centre
    cropped, not how far; 108 is what public code of DCGAN cuts, on which its networks are based.
    "Implicit Autoencoders" says nothing.

    Raises:
        UserError: while reading: an image that has not the size of the aligned faces.
    """
    top, left = ((side - SIDE) // 2 for side in _SHAPE[:2])

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        for block, label in source.read(split, start, stop):
            for i, face in enumerate(block):
                if face.shape != _SHAPE:
                    raise UserError(
                        f"{source.origin}: image {start + i} of '{split}' has shape {face.shape}, "
                        f"not {_SHAPE}: use the aligned and cropped faces, {FACES}"
                    )
            start += len(block)
            faces = [face[top : top + SIDE, left : left + SIDE] for face in block]
            yield np.stack(faces), label

    origin = f"{source.origin}, the middle {SIDE}x{SIDE} pixels of each"
    return replace(source, origin=origin, read=read)


def _listed(path: Path, faces: list[Path]) -> list[int]:
    """The part of each face, from the lines `000001.jpg 0` of the partition file."""
    try:
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
        part = {name: int(number) for name, number in filter(None, lines)}
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path} is damaged, as its lines are not all like '000001.jpg 0': copy it again"
        ) from error
    for face in faces:
        if part.get(face.name) not in (0, 1, 2):
            raise UserError(
                f"{path} does not say which part {face.name} belongs to (0, 1 or 2): copy it again "
                "or remove that image"
            )
    return [part[face.name] for face in faces]


def _published(face: Path) -> int:
    """The part of a face by its number."""
    number = int(face.stem) if face.stem.isdecimal() else 0
    if not 1 <= number <= _LAST[-1]:
        raise UserError(
            f"{face} is not named by its number, 000001.jpg to {_LAST[-1]}.jpg, and there is no "
            f"{PARTITION} to say which part it belongs to: put that file beside {FACES}"
        )
    return sum(number > last for last in _LAST)

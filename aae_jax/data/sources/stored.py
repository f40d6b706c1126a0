"""Sets known by name, found on disk: TFDS folders, or the files as their authors publish them."""

import difflib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aae_jax.data import cache
from aae_jax.data.sources import celeba, cifar, idx, svhn, tfds
from aae_jax.data.sources.base import Source
from aae_jax.errors import UserError


@dataclass(frozen=True)
class Raw:
    """A set's raw format, and what is done to its images.

    Attributes:
        find: opens the files in a folder, None if there are none of them.
        wanted: the files, for messages.
        finish: what is done to the images, TFDS's as well as these.
    """

    find: Callable[[Path], Source | None]
    wanted: str
    finish: Callable[[Source], Source] = lambda source: source


_IDX = Raw(idx.find, idx.WANTED)
RAW = {
    "mnist": _IDX,
    "fashion_mnist": _IDX,
    "kmnist": _IDX,
    "svhn_cropped": Raw(svhn.find, svhn.WANTED),
    "cifar10": Raw(cifar.find, cifar.WANTED),
    "celeb_a": Raw(celeba.find, celeba.WANTED, celeba.crop),
}


def open_source(name: str, directory: str) -> Source:
    """Opens a stored set.

    Looks in `directory`, or where that is empty in $TFDS_DATA_DIR, ~/tensorflow_datasets and
    <cache>/raw/<name>; a place may hold TFDS's <name>/<version>/ or the raw files, directly or in
    a folder called <name>. Only when none has it, no directory was given, and TensorFlow is
    installed, TFDS is asked to download and prepare it.

    Raises:
        UserError: not found (says where it looked and how to mend it), incomplete or damaged.
    """
    source = _open(name, directory)
    return RAW[name].finish(source) if name in RAW else source


def _open(name: str, directory: str) -> Source:
    places = [Path(directory).expanduser()] if directory else _default_places(name)
    if directory and not places[0].is_dir():
        raise UserError(f"data.dir='{directory}' is not a folder: name one that holds {name}")
    needs_tensorflow = None
    for place in places:
        version = tfds.find(place, name)
        if version is not None:
            if tfds.is_readable(version):
                return tfds.open_folder(version, name)
            needs_tensorflow = version
        for folder in (place, place / name):
            source = RAW[name].find(folder) if name in RAW else None
            if source is not None:
                return source
    if needs_tensorflow is not None:
        raise UserError(
            f"{needs_tensorflow} holds tfrecord files, which only TensorFlow reads: run "
            "pip install 'aae_jax[prepare]', or prepare a copy with --file_format=array_record"
        )
    if not directory and tfds.has_tensorflow():
        return tfds.open_folder(tfds.prepare(name), name)
    raise UserError(_not_found(name, places, directory))


def _default_places(name: str) -> list[Path]:
    chosen = os.environ.get("TFDS_DATA_DIR")
    places = [Path(chosen)] if chosen else []
    places += [Path("~/tensorflow_datasets"), cache.root() / "raw" / name]
    return [place.expanduser() for place in places]


def _not_found(name: str, places: list[Path], directory: str) -> str:
    from aae_jax.data.sources import SOURCES

    looked = " and ".join(str(place) for place in places)
    raw = f" or for {RAW[name].wanted}" if name in RAW else ""
    message = (
        f"data.name='{name}' was not found: looked in {looked} for "
        f"{name}/<version>/dataset_info.json{raw};"
    )
    close = difflib.get_close_matches(name, [*SOURCES, *RAW], n=1, cutoff=0.75)
    if close and close[0] != name:
        message += f" if you meant data.name={close[0]}, correct it; else"
    target = f" --data_dir={directory}" if directory else ""
    files = f"put these files into {directory or places[-1]}, or " if name in RAW else ""
    return (
        f"{message} {files}run pip install 'aae_jax[prepare]' and tfds build {name} "
        f"--file_format=array_record{target}, or set data.dir to the folder that has it "
        "(data.name=digits needs no files)"
    )

"""Sets that TensorFlow Datasets has prepared: array_record without TensorFlow, tfrecord with it."""

import importlib.util
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from absl import logging

from aae_jax.data import images
from aae_jax.data.sources.base import Block, Source
from aae_jax.errors import UserError, reason

_BLOCK = 2000  # examples per read: blocks are about twice as fast as single examples
_INFO = "dataset_info.json"


def find(place: Path, name: str) -> Path | None:
    """The folder of the newest version of a prepared set; None if there is none.

    Args:
        place: a TFDS data_dir, or <name>/ in one, or <name>/<version>/.
        name: TFDS name, 'emnist/letters' for a set with configs.
    """
    for folder in (place / name, place):
        versions = [path.parent for path in folder.glob(f"*/{_INFO}") if _version(path.parent)]
        versions = [path for path in versions if _is_named(path, name)]
        if versions:
            return max(versions, key=_version)
    return place if _is_named(place, name) else None


def is_readable(folder: Path) -> bool:
    """Whether the set in the folder can be read with what is installed."""
    return _info(folder).get("fileFormat") == "array_record" or has_tensorflow()


def has_tensorflow() -> bool:
    """Whether TensorFlow is installed, the only reader of the other formats of TFDS."""
    return importlib.util.find_spec("tensorflow") is not None


def open_folder(folder: Path, name: str) -> Source:
    """Opens a prepared set, the folder that holds its dataset_info.json.

    Raises:
        UserError: the folder is incomplete or damaged, or the set is not one of images.
    """
    import tensorflow_datasets as tfds

    _info(folder)
    try:
        builder = tfds.builder_from_directory(folder)
        features = builder.info.features
    except Exception as error:  # whatever a damaged description raises
        raise UserError(f"{folder} cannot be opened by TFDS ({reason(error)})") from error
    image_key, label_key = _keys(builder)
    if image_key is None:
        raise UserError(
            f"{folder} has no image feature, only {', '.join(features)}: not an image set"
        )
    feature = features[image_key]
    info = builder.info
    files = {split: _files(info.splits[split], folder) for split in info.splits}
    if not files:
        raise UserError(f"{folder} has no splits: prepare {name} again")
    channels = feature.shape[-1] or 0

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        examples = _examples(builder, split, start, stop, image_key, files[split])
        for first, block in examples:
            pictures = [
                _pixels(example[image_key], channels, f"{folder} split '{split}' image {first + i}")
                for i, example in enumerate(block)
            ]
            label = np.array([example[label_key] for example in block]) if label_key else None
            yield pictures, label

    return Source(
        origin=f"TFDS {info.name} {info.version} in {folder}",
        splits={split: info.splits[split].num_examples for split in info.splits},
        num_classes=features[label_key].num_classes if label_key else 0,
        read=read,
        files=(folder / _INFO, *itertools.chain(*files.values())),
        lossy=feature.encoding_format == "jpeg",
        class_names=tuple(features[label_key].names) if label_key else (),
    )


def prepare(name: str) -> Path:
    """Downloads and prepares a set in TFDS's default folder; needs TensorFlow and the network.

    Raises:
        UserError: TFDS does not know the set, or cannot get it.
    """
    import tensorflow_datasets as tfds

    logging.warning("%s is not on this machine: TFDS downloads and prepares it.", name)
    try:
        builder = tfds.builder(name, file_format="array_record")
        builder.download_and_prepare()
    except Exception as error:  # the network, the disk, an unknown name, ...
        raise UserError(
            f"data.name='{name}' is not on this machine and TFDS cannot prepare it: check the "
            f"name and the network, or set data.dir to a folder that has it ({reason(error)})"
        ) from error
    return Path(builder.data_dir)


def _version(folder: Path) -> tuple[int, ...] | None:
    if not re.fullmatch(r"\d+\.\d+\.\d+", folder.name):
        return None
    return tuple(int(part) for part in folder.name.split("."))


def _is_named(folder: Path, name: str) -> bool:
    return (folder / _INFO).is_file() and _info(folder).get("name") == name.split("/")[0]


def _info(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / _INFO).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{folder / _INFO} is damaged: prepare the set again") from error


def _keys(builder: Any) -> tuple[str | None, str | None]:
    """Names of the image and of the class label; the label is None where there is none."""
    import tensorflow_datasets as tfds

    features = builder.info.features
    kinds = {"image": tfds.features.Image, "label": tfds.features.ClassLabel}
    found = {}
    for key, kind in kinds.items():
        keys = [name for name, feature in features.items() if isinstance(feature, kind)]
        found[key] = key if key in keys else (keys[0] if len(keys) == 1 else None)
    return found["image"], found["label"]


def _files(split: Any, folder: Path) -> tuple[Path, ...]:
    paths = tuple(folder / Path(path).name for path in split.filepaths)
    for path in paths:
        if not path.is_file():
            raise UserError(f"{path} is missing: copy it there, or prepare the set again")
    return paths


def _examples(
    builder: Any, split: str, start: int, stop: int, image_key: str, files: tuple[Path, ...]
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yields (number of its first example, examples) block by block, images still encoded."""
    import tensorflow_datasets as tfds

    is_array_record = builder.info.file_format == tfds.core.FileFormat.ARRAY_RECORD
    read = _array_record if is_array_record else _tfrecord
    decoders = {image_key: tfds.decode.SkipDecoding()}
    if is_array_record:
        _check_shards(files, builder.info.splits[split].shard_lengths)
    try:
        for first, block in read(builder, split, start, stop, decoders):
            yield first, block
            logging.log_every_n_seconds(
                logging.INFO, "Decoding %s '%s': %d of %d.", 5, builder.name, split, first, stop
            )
    except Exception as error:  # the readers raise many types on damaged files
        names = ", ".join(path.name for path in files[:3])
        raise UserError(
            f"{files[0].parent}: split '{split}' ({names}) is damaged ({reason(error)}): copy it "
            "again or prepare the set again"
        ) from error


def _array_record(
    builder: Any, split: str, start: int, stop: int, decoders: dict[str, Any]
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    records = builder.as_data_source(split, decoders=decoders)
    for first in range(start, stop, _BLOCK):
        yield first, records.__getitems__(range(first, min(first + _BLOCK, stop)))


def _tfrecord(
    builder: Any, split: str, start: int, stop: int, decoders: dict[str, Any]
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    import tensorflow_datasets as tfds

    # One file after the other, so that the order is that of the shards.
    config = tfds.ReadConfig(interleave_cycle_length=1, try_autocache=False)
    part = f"{split}[{start}:{stop}]"
    dataset = builder.as_dataset(split=part, decoders=decoders, read_config=config)
    examples = iter(tfds.as_numpy(dataset))
    for first in range(start, stop, _BLOCK):
        yield first, list(itertools.islice(examples, min(_BLOCK, stop - first)))


def _check_shards(files: tuple[Path, ...], lengths: list[int]) -> None:
    from array_record.python import array_record_module

    for path, length in zip(files, lengths, strict=True):
        try:
            found = array_record_module.ArrayRecordReader(str(path)).num_records()
        except Exception as error:
            raise UserError(f"{path} is damaged ({reason(error)}): copy it again") from error
        if found != length:
            raise UserError(
                f"{path} holds {found:,} examples where {_INFO} says {length:,}: copy it again"
            )


def _pixels(image: Any, channels: int, origin: str) -> np.ndarray:
    content = image.item() if isinstance(image, np.ndarray) else image
    return images.decode(content, channels, origin)

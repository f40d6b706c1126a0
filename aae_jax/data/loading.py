"""From a config to a loaded data set: open, cut, decode or fetch from the cache, check."""

import itertools
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from absl import logging
from ml_collections import ConfigDict

from aae_jax.data import cache, fields, slices, subsets
from aae_jax.data.captions import Captions, Vocabulary, gather, make_vocabulary
from aae_jax.data.dataset import Dataset, Split, ValueRange, standardising_range
from aae_jax.data.images import Fit
from aae_jax.data.note import provenance_note
from aae_jax.data.sources import open_source
from aae_jax.data.sources.base import Source
from aae_jax.errors import UserError

_Examples = tuple[np.ndarray, np.ndarray | None]  # data and labels
_Texts = dict[str, list[Sequence[str]]]  # part -> the captions of each example


def load(config: ConfigDict) -> Dataset:
    """Loads the data set that `config` (a run's `config.data`) describes.

    Args:
        config: the fields of `data` in `aae_jax.config.base`.

    Returns:
        The data set, decoded, at the network's size, cut into its splits and checked.

    Raises:
        UserError: a field is wrong, or the data is missing, incomplete or damaged.
    """
    fields.check(config)
    source = open_source(config)
    # Only where the config names no others: a slice of 'train' is a split of the user's.
    cut = source.lacks_test and (config.train_split, config.test_split) == ("train", "test")
    parts = _parts(config, source, ("train",) if cut else ("train", "test"))
    fit = Fit(config.image_size, config.resize, config.channels)
    examples = {role: _read(source, parts[role], fit, config) for role in parts}
    for role, (data, _) in examples.items():
        if data.shape[1:] != examples["train"][0].shape[1:]:
            raise UserError(
                f"{source.origin}: train examples are {examples['train'][0].shape[1:]} but {role} "
                f"ones {data.shape[1:]}: set data.image_size, data.resize and data.channels"
            )
    texts = _texts(source, parts)
    if cut:
        n = len(examples["train"][0])
        _move(examples, texts, "test", *subsets.hold_out_test(n, config.split_seed))
    if config.validation_size:
        n = len(examples["train"][0])
        part = subsets.hold_out(n, config.validation_size, config.split_seed)
        _move(examples, texts, "validation", *part)
    data, label = examples["train"]
    value_range = _value_range(config, data, source)
    vocabulary, captions = _read_captions(config, texts)
    splits = {
        role: Split(role, *pair, value_range, captions.get(role)) for role, pair in examples.items()
    }
    labelled = None
    if config.labelled:
        if label is None:
            raise UserError(
                f"data.labelled={config.labelled}, but {source.origin} has no labels: set it to 0, "
                "or choose labelled data"
            )
        labelled = subsets.labelled_subset(
            label, source.num_classes, config.labelled, config.labelled_balanced, config.split_seed
        )
    dataset = Dataset(
        name=config.name,
        train=splits["train"],
        validation=splits.get("validation"),
        test=splits["test"],
        num_classes=source.num_classes,
        note=provenance_note(config, source, parts, splits, fit),
        labelled=labelled,
        modes=source.modes,
        vocabulary=vocabulary,
        aspects=source.aspects,
        class_names=_names(source),
    )
    logging.info("Data: %s", dataset.note)
    if source.files:
        _warn_of_absent_classes(dataset)
    return dataset


def _names(source: Source) -> tuple[str, ...]:
    """The names of the labels, unless they are the numbers by which labels are called anyway."""
    numbers = tuple(map(str, range(source.num_classes)))
    return () if source.class_names == numbers else source.class_names


def _warn_of_absent_classes(dataset: Dataset) -> None:
    """A method of all classes trains on those without examples too."""
    if dataset.train.label is None:
        return
    count = np.bincount(dataset.train.label, minlength=dataset.num_classes)
    if absent := [dataset.label_names[k] for k in np.flatnonzero(count == 0)]:
        logging.warning(
            "No training example has the label %s, of %d classes%s.",
            *(", ".join(absent[:5]) + (", ..." if len(absent) > 5 else ""), dataset.num_classes),
            "" if dataset.class_names else ": they are numbered from 0 to the largest label",
        )


def _parts(
    config: ConfigDict, source: Source, roles: tuple[str, ...]
) -> dict[str, list[slices.Interval]]:
    """The intervals of these parts, and of the validation part if the config names one."""
    roles = (*roles, "validation") if config.validation_split else roles
    parts = {
        role: slices.parse(
            config[f"{role}_split"], source.splits, f"data.{role}_split", source.origin
        )
        for role in roles
    }
    shared = slices.overlap(parts["train"], parts.get("validation", []))
    if shared:
        raise UserError(
            f"data.validation_split='{config.validation_split}' and "
            f"data.train_split='{config.train_split}' share {shared:,} examples: cut them apart, "
            "e.g. 'train[:90%]' and 'train[90%:]'"
        )
    return parts


def _move(
    examples: dict[str, _Examples], texts: _Texts, role: str, kept: np.ndarray, held: np.ndarray
) -> None:
    """Moves the training examples at `held` to another part, with their captions."""
    data, label = examples["train"]
    captions = texts.get("train")
    for name, index in (("train", kept), (role, held)):
        examples[name] = data[index], None if label is None else label[index]
        if captions:
            texts[name] = [captions[i] for i in index]


def _texts(source: Source, parts: dict[str, list[slices.Interval]]) -> _Texts:
    """The captions of each part's examples; {} where the source has none."""
    if source.captions is None:
        return {}
    return {
        role: [
            captions
            for interval in intervals
            for captions in source.captions[interval.split][interval.start : interval.stop]
        ]
        for role, intervals in parts.items()
    }


def _read_captions(
    config: ConfigDict, texts: _Texts
) -> tuple[Vocabulary | None, dict[str, Captions]]:
    """The vocabulary of the captions that are trained on, and the captions of each part."""
    if not texts:
        return None, {}
    trained_on = itertools.chain.from_iterable(texts["train"])
    vocabulary = make_vocabulary(trained_on, config.vocabulary, config.caption_length)
    return vocabulary, {role: gather(of_images, vocabulary) for role, of_images in texts.items()}


def _value_range(config: ConfigDict, data: np.ndarray, source: Source) -> ValueRange:
    """What the pixel values 0 and 255 become; `data` are the images to be trained on."""
    if not config.standardise:
        lo, hi = config.value_range
        return float(lo), float(hi)
    if data.dtype != np.uint8:
        raise UserError(
            f"data.standardise=True is for images, and {source.origin} holds points: set it to "
            "False"
        )
    return standardising_range(data)


def _read(source: Source, parts: list[slices.Interval], fit: Fit, config: ConfigDict) -> _Examples:
    pieces = []
    for part in parts:
        if config.cache and source.files:
            settings = {**asdict(part), **asdict(fit), "source": source.origin}
            entry = cache.key(config.name, source.files, settings)
            pieces.append(cache.load_or_make(entry, lambda part=part: _decode(source, part, fit)))
        else:
            pieces.append(_decode(source, part, fit))
    if len(pieces) == 1:
        return pieces[0]
    if len({data.shape[1:] for data, _ in pieces}) > 1:
        raise UserError(f"{source.origin}: splits differ in image size; set data.image_size")
    # A union with unlabelled examples is unlabelled.
    with_labels = all(label is not None for _, label in pieces)
    label = np.concatenate([label for _, label in pieces]) if with_labels else None
    return np.concatenate([data for data, _ in pieces]), label


def _decode(source: Source, part: slices.Interval, fit: Fit) -> _Examples:
    """Reads one interval into one array: uint8 images fitted to the network, or float32 points."""
    origin = f"{source.origin} ('{part.split}')"
    data = label = None
    filled = 0
    for block, block_label in source.read(part.split, part.start, part.stop):
        if not (isinstance(block, np.ndarray) and block.dtype == np.float32):
            block = fit(block, origin)
        elif fit.size or fit.channels:
            raise UserError(
                f"{origin} holds points, not images: leave data.image_size and data.channels at 0"
            )
        if data is None:
            # Filled block by block: a large set is in memory once, not twice.
            data = np.empty((len(part), *block.shape[1:]), block.dtype)
            label = None if block_label is None else np.empty(len(part), np.int32)
        if block.shape[1:] != data.shape[1:]:
            raise UserError(
                f"{origin} mixes images of shape {data.shape[1:]} and {block.shape[1:]}: set "
                "data.image_size, data.resize and data.channels"
            )
        data[filled : filled + len(block)] = block
        if label is not None:
            label[filled : filled + len(block)] = block_label
        filled += len(block)
    if filled != len(part):
        raise UserError(f"{origin} ends after {part.start + filled:,} examples: it is incomplete")
    _check_examples(data, label, source.num_classes, origin)
    return data, label


def _check_examples(
    data: np.ndarray, label: np.ndarray | None, num_classes: int, origin: str
) -> None:
    if data.dtype == np.float32 and not np.isfinite(data).all():
        raise UserError(f"{origin} has points that are NaN or infinite: remove them")
    if label is not None and (label.min() < 0 or label.max() >= num_classes):
        raise UserError(
            f"{origin} has labels from {label.min()} to {label.max()}, outside 0 to "
            f"{num_classes - 1}: correct or remove these examples"
        )

"""What a loaded data set is: splits of examples in memory, with their provenance."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from aae_jax.data.aspects import Aspect
from aae_jax.data.captions import Captions, Vocabulary
from aae_jax.data.modes import Modes
from aae_jax.errors import UserError

RANGE_TOLERANCE = 1e-3  # share of a value range: rounding, but no other range

_CHUNK = 1024  # images held as 64-bit numbers at a time


# (lo, hi): what the pixel values 0 and 255 become. Numbers, or float32 arrays of an example's shape
# where each pixel has a range of its own, as standardised ones have.
ValueRange = tuple[Any, Any]


def to_float(data: Any, value_range: ValueRange) -> Any:
    """Examples as the networks see them; works on numpy and on jax arrays alike.

    Args:
        data: uint8 pixels [..., H, W, C] (of any shape for a range of two numbers), or float32
            points.
        value_range: what the pixel values 0 and 255 become.

    Returns:
        float32 of the same shape: lo + (hi - lo) * data / 255 for pixels, points unchanged.
    """
    if data.dtype != np.uint8:
        return data
    # Axes are added by hand: jax may be told to refuse arrays of different ranks.
    lo, hi = (
        np.expand_dims(end, tuple(range(data.ndim - np.ndim(end)))) if np.ndim(end) else end
        for end in value_range
    )
    return data.astype(np.float32) / 255.0 * (hi - lo) + lo


def standardising_range(data: np.ndarray) -> ValueRange:
    """The range in which every pixel of these images has mean 0 and standard deviation 1.

    A pixel that is the same in all images gets mean 0 and is left in its unit of 255.

    Args:
        data: uint8 [N, H, W, C].

    Returns:
        (lo, hi), float32 [H, W, C] each.
    """
    total = np.zeros(data.shape[1:], np.int64)
    squares = np.zeros(data.shape[1:], np.int64)
    for start in range(0, len(data), _CHUNK):  # in whole numbers, so nothing is rounded
        block = data[start : start + _CHUNK].astype(np.int64)
        total += block.sum(axis=0)
        squares += np.square(block).sum(axis=0)
    n = len(data)
    mean = total / (255 * n)
    std = np.sqrt(n * squares - total**2) / (255 * n)
    std[std == 0] = 1.0
    return (-mean / std).astype(np.float32), ((1 - mean) / std).astype(np.float32)


@dataclass(frozen=True)
class Split:
    """Examples of one split.

    Attributes:
        name: 'train', 'validation' or 'test': the part it plays, not the name in the source.
        data: uint8 [N, H, W, C] for images, at the network's size; float32 [N, D] for points.
        label: int32 [N] in [0, num_classes), None where the source has no labels.
        value_range: what pixels 0 and 255 become in `x`; points do not use it.
        captions: of the examples, None where there are none.
    """

    name: str
    data: np.ndarray
    label: np.ndarray | None
    value_range: ValueRange
    captions: Captions | None = None

    def __len__(self) -> int:
        return len(self.data)

    def x(self, index: Any = slice(None)) -> np.ndarray:
        """The examples at `index` (anything numpy indexes with), float32 in `value_range`."""
        return to_float(np.asarray(self.data[index]), self.value_range)

    def label_at(self, index: Any) -> np.ndarray | None:
        """The labels at `index`, None where there are none."""
        return None if self.label is None else self.label[index]

    def some(self, n: int, seed: int) -> np.ndarray:
        """Sorted indices of n random examples, of all when there are no more."""
        count = min(n, len(self))
        return np.sort(np.random.default_rng(seed).choice(len(self), count, replace=False))

    def to_unit(self, x: np.ndarray) -> np.ndarray:
        """Pixel values in [0, 1] of images [..., H, W, C] in `value_range`: what `x` did, undone.

        What a model makes may lie outside its range, and then lies outside [0, 1] by as much.
        """
        lo, hi = self.value_range
        return (np.asarray(x, np.float32) - lo) / (hi - lo)


@dataclass(frozen=True)
class Dataset:
    """A loaded data set.

    Attributes:
        name: the config's `data.name`.
        train, validation, test: the splits; validation is None unless some was held out.
        num_classes: number of classes, 0 where there are no labels.
        note: one sentence of provenance for reports: source, slices, sizes, losses, resizing.
        labelled: int32 indices into `train` of the labelled subset, None if none was asked for.
        modes: the modes of generated data, None where they are not known.
        scorer: the classifier, an `aae_jax.scorer.Scorer`, that tells such images apart, None where
            none is named.
        extractor: the network whose features compare sets of such images: Inception, else the
            scorer, None where neither is named.
        vocabulary: the words of the captions that are trained on, None where there are none.
        embedder: the `aae_jax.sentences.Embedder` that the captions' values come from, None where
            they are word numbers.
        aspects: what the labels say in several respects, () where they do not.
        class_names: of each label; () where they have none but their numbers.
    """

    name: str
    train: Split
    validation: Split | None
    test: Split
    num_classes: int
    note: str
    labelled: np.ndarray | None = None
    modes: Modes | None = None
    scorer: Any = None
    extractor: Any = None
    vocabulary: Vocabulary | None = None
    embedder: Any = None
    aspects: tuple[Aspect, ...] = ()
    class_names: tuple[str, ...] = ()

    @property
    def label_names(self) -> tuple[str, ...]:
        """What figures call the labels: names, else numbers."""
        return self.class_names or tuple(map(str, range(self.num_classes)))

    @property
    def splits(self) -> dict[str, Split]:
        """The splits that there are, by the part that each plays, always in this order."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        return {role: split for role, split in parts.items() if split is not None}

    @property
    def example_shape(self) -> tuple[int, ...]:
        """(H, W, C) of an image or (D,) of a point."""
        return self.train.data.shape[1:]

    @property
    def class_frequencies(self) -> np.ndarray:
        """Class frequencies, float32 [num_classes], of the labelled subset, else of train.

        Raises:
            UserError: the set has no labels.
        """
        if self.train.label is None:
            raise UserError(f"data.name='{self.name}' has no labels, so no class frequencies")
        label = self.train.label
        if self.labelled is not None:
            label = label[self.labelled]
        counts = np.bincount(label, minlength=self.num_classes)
        return (counts / len(label)).astype(np.float32)

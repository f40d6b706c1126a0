"""What labels say of images in several respects, such as colour and shape."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Aspect(NamedTuple):
    """One respect in which images differ.

    Attributes:
        name: such as 'colour'.
        values: the words for its values, as captions use them.
    """

    name: str
    values: tuple[str, ...]


def label_of(aspects: Sequence[Aspect], numbers: Sequence[np.ndarray]) -> np.ndarray:
    """Labels, int32 [N], of the values' numbers [N] in each aspect; the last one varies fastest."""
    sizes = [len(aspect.values) for aspect in aspects]
    return np.ravel_multi_index(tuple(numbers), sizes).astype(np.int32)


def numbers_of(aspects: Sequence[Aspect], label: np.ndarray) -> dict[str, np.ndarray]:
    """The values' numbers [N] in each aspect, of labels [N]."""
    sizes = [len(aspect.values) for aspect in aspects]
    by_aspect = np.unravel_index(label, sizes)
    return {aspect.name: numbers for aspect, numbers in zip(aspects, by_aspect, strict=True)}

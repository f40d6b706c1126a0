"""The network whose features and classes judge sets of images, and how many images it judges."""

from typing import Any, Protocol

import numpy as np

IMAGES = 10_000  # compared on each side, at most
FEWEST = 20  # below which no distribution can be told from another

# As readers are told of them.
EACH = f"{IMAGES:,} of each, or as many as the smaller split has"
TRAIN = "Training images in place of samples"


class Extractor(Protocol):
    """An independently trained network; numpy in and out, images in the data's value range.

    Attributes:
        origin: where it comes from, in words.
        input_shape: (H, W, C) that it reads, to which it may bring other images.
        input_range: what black and white become in what it reads.
        width: number F of its features.
    """

    origin: str
    input_shape: tuple[int, ...]
    input_range: tuple[float, float]
    width: int

    def predict(self, x: np.ndarray) -> np.ndarray: ...

    def features(self, x: np.ndarray) -> np.ndarray: ...


def images_each(dataset: Any) -> int:
    """How many samples, test images and training images are compared, the same number of each.

    A distance between sets depends on their size: so that the one of samples and its floor, of
    training images, can be compared, all sets are as large as the smallest, and at most `IMAGES`.
    """
    return min(IMAGES, len(dataset.test), len(dataset.train))

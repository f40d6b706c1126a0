"""What a loaded data set is: splits of examples in memory, with their provenance."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from aae_jax.errors import UserError


def to_float(data: Any, value_range: tuple[float, float]) -> Any:
    """Examples as the networks see them; works on numpy and on jax arrays alike.

    Args:
        data: uint8 pixels of any shape, or float32 points.
        value_range: (lo, hi), what the pixel values 0 and 255 become.

    Returns:
        float32 of the same shape: lo + (hi - lo) * data / 255 for pixels, points unchanged.
    """
    if data.dtype != np.uint8:
        return data
    lo, hi = value_range
    return data.astype(np.float32) / 255.0 * (hi - lo) + lo


@dataclass(frozen=True)
class Split:
    """Examples of one split.

    Attributes:
        name: 'train', 'validation' or 'test': the part it plays, not the name in the source.
        data: uint8 [N, H, W, C] for images, at the network's size; float32 [N, D] for points.
        label: int32 [N] in [0, num_classes), None where the source has no labels.
        value_range: (lo, hi) that pixels 0 and 255 become in `x`; points do not use it.
    """

    name: str
    data: np.ndarray
    label: np.ndarray | None
    value_range: tuple[float, float]

    def __len__(self) -> int:
        return len(self.data)

    def x(self, index: Any = slice(None)) -> np.ndarray:
        """The examples at `index` (anything numpy indexes with), float32 in `value_range`."""
        return to_float(np.asarray(self.data[index]), self.value_range)


@dataclass(frozen=True)
class Dataset:
    """A loaded data set.

    Attributes:
        name: the config's `data.name`.
        train, validation, test: the splits; validation is None unless some was held out.
        num_classes: number of classes, 0 where there are no labels.
        note: one sentence of provenance for reports: source, slices, sizes, losses, resizing.
        labelled: int32 indices into `train` of the labelled subset, None if none was asked for.
    """

    name: str
    train: Split
    validation: Split | None
    test: Split
    num_classes: int
    note: str
    labelled: np.ndarray | None = None

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

"""What is known of generated data beyond its examples: where the modes are."""

from typing import NamedTuple

import numpy as np


class Modes(NamedTuple):
    """Equally likely modes: Gaussians, or points that the data repeats.

    Attributes:
        means: float32 [K, D]. Where the data has labels, the label of an example is its row.
        std: standard deviation of every mode along each axis, 0 for repeated points.
    """

    means: np.ndarray
    std: float

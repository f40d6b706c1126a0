"""The one range that every judge of images starts from."""

import numpy as np

from aae_jax.data import Split
from aae_jax.data.dataset import RANGE_TOLERANCE
from aae_jax.errors import UserError


def to_unit(split: Split, x: np.ndarray, judge: str) -> np.ndarray:
    """Images (N, H, W, C) with 0 and 1 for the ends of the data's value range.

    Args:
        split: whose value range the images are in.
        x: original or generated images.
        judge: who is to see them, in words, for the message.

    Raises:
        UserError: an image is not finite or leaves the range.
    """
    unit = split.to_unit(x)
    lowest, highest = unit.min(initial=0.0), unit.max(initial=1.0)
    if not (lowest >= -RANGE_TOLERANCE and highest <= 1 + RANGE_TOLERANCE):  # NaN is outside too
        raise UserError(
            f"{judge} was given images that leave the data's value range: they reach "
            f"from {lowest:.4g} to {highest:.4g} where 0 is its lower and 1 its upper end; "
            "give the decoder an output within it, or ask for no metric that has images judged"
        )
    return unit

"""Checks of the fields of `config.data`, before any data is looked for."""

import math

from ml_collections import ConfigDict

from aae_jax import checks
from aae_jax.errors import UserError


def check(config: ConfigDict) -> None:
    """Raises a UserError where a field of `config.data` is impossible, or two contradict."""
    counts = ("image_size", "validation_size", "split_seed", "labelled", "size", "caption_length")
    for field in counts:
        checks.at_least(f"data.{field}", config[field], 0)
    if config.caption_length > 10_000:
        raise UserError(
            f"data.caption_length={config.caption_length} is more words than a caption has: use "
            "10000 or less"
        )
    if config.vocabulary < 3:
        raise UserError(f"data.vocabulary={config.vocabulary} leaves no words: use 3 or more")
    choices = {
        "resize": ("none", "pad", "bilinear", "crop"),
        "channels": (0, 1, 3),
        "location": ("auto", "device", "host"),
    }
    for field, allowed in choices.items():
        checks.choice(f"data.{field}", config[field], allowed)
    if config.resize != "none" and not config.image_size:
        raise UserError(
            f"data.resize={config.resize!r} and data.image_size=0, which keeps images as they are: "
            "set data.image_size to the side in pixels, or data.resize=none"
        )
    ends = tuple(config.value_range)
    numbers = all(isinstance(end, int | float) and math.isfinite(end) for end in ends)
    if len(ends) != 2 or not numbers or ends[0] >= ends[1]:
        raise UserError(f"data.value_range={ends} is not (lo, hi) with lo < hi, such as (0.0, 1.0)")
    if config.standardise and ends != (0.0, 1.0):
        raise UserError(
            f"data.standardise=True and data.value_range={ends} both say what pixels become: leave "
            "data.value_range at (0.0, 1.0), or set data.standardise=False"
        )
    if config.validation_split and config.validation_size:
        raise UserError(
            f"data.validation_split='{config.validation_split}' and "
            f"data.validation_size={config.validation_size} both name a validation part: set one"
        )

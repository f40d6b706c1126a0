"""Configs of data sets, and what a refused one says."""

import numpy as np
import pytest

from aae_jax import config
from aae_jax.data import Dataset, Split, load
from aae_jax.errors import UserError


def settings(name, **fields):
    data = config.base().data
    data.update({"name": name, **fields})
    return data


def refusal(name, **fields):
    """The message with which `load` refuses a config."""
    with pytest.raises(UserError) as caught:
        load(settings(name, **fields))
    message = str(caught.value)
    assert "\n" not in message
    return message


def pictures(n, height=28, width=28, channels=1, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(256, size=(n, height, width, channels), dtype=np.uint8)


def numbered(n, num_classes=10, labelled=None, value_range=(0.0, 1.0)):
    """A set whose example i is a 2x2 image of value i and has label i % num_classes."""
    data = np.broadcast_to(np.arange(n, dtype=np.uint8)[:, None, None, None], (n, 2, 2, 1)).copy()
    label = (np.arange(n) % num_classes).astype(np.int32)
    train = Split("train", data, label, value_range)
    return Dataset("numbered", train, None, train, num_classes, "Made for a test.", labelled)

"""Meaningless images with labels, for tests and benchmarks."""

import numpy as np
from ml_collections import ConfigDict

from aae_jax.data.sources.base import Source, in_memory
from aae_jax.data.stream import generator


def open_source(config: ConfigDict) -> Source:
    """Uniform pixels, and labels that go round through 10 classes; the same in every run.

    data.size images in train (1,000 by default) and as many in test, of data.image_size (28) and
    data.channels (1).
    """
    n, size, channels = config.size or 1000, config.image_size or 28, config.channels or 1
    splits = {}
    for stream, split in enumerate(("train", "test")):
        rng = generator(1, stream)
        pixels = rng.integers(256, size=(n, size, size, channels), dtype=np.uint8)
        # In turn, so that a few images are enough for a labelled subset of every class.
        splits[split] = pixels, np.arange(n, dtype=np.int32) % 10
    return in_memory("random pixels", splits, num_classes=10)

"""The 1,797 handwritten digits, 8x8, that scikit-learn carries with it."""

import numpy as np
from ml_collections import ConfigDict

from aae_jax.data.sources.base import Source, in_memory
from aae_jax.data.stream import generator

_TEST = 360


def open_source(config: ConfigDict) -> Source:
    """Splits 'train' (1,437) and 'test' (360), cut once and for all, stratified by class.

    The original intensities 0..16 become 0..255, rounded.
    """
    del config
    from sklearn.datasets import load_digits

    bunch = load_digits()
    pixels = np.rint(bunch.images * (255 / 16)).astype(np.uint8)[..., None]
    label = bunch.target.astype(np.int32)
    test = _stratified(label, _TEST)
    splits = {
        "train": (pixels[~test], label[~test]),
        "test": (pixels[test], label[test]),
    }
    return in_memory("scikit-learn's digits", splits, num_classes=10)


def _stratified(label: np.ndarray, size: int) -> np.ndarray:
    """Marks `size` examples, every class in proportion (largest remainders), fixed for ever."""
    rng = generator(0)
    share = np.bincount(label) * size / len(label)
    counts = np.floor(share).astype(int)
    counts[np.argsort(counts - share, kind="stable")[: size - counts.sum()]] += 1
    marked = np.zeros(len(label), bool)
    for k, count in enumerate(counts):
        marked[rng.permutation(np.flatnonzero(label == k))[:count]] = True
    return marked

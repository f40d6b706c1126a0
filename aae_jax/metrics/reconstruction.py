"""How closely the model reconstructs the test set."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from aae_jax.metrics.needs import Model

CHUNK = 4096  # examples held as floats at a time


def _chunks(split: Any) -> Iterator[np.ndarray]:
    for start in range(0, len(split), CHUNK):
        yield split.x(slice(start, start + CHUNK))


def reconstruction(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Mean squared error of reconstructions from the posterior mean.

    Args:
        model: needs `encode` and `decode`.
        dataset: any data.
        seed: unused; the posterior mean needs no draw.

    Returns:
        reconstruction_mse: mean over test images, pixels and channels, in squared units of the
            data's value range.
        reconstruction_mse_mean_image: the same for answering every image with the mean training
            image, the yardstick that a model must beat.
    """
    del seed
    mean = sum(x.sum(axis=0, dtype=np.float64) for x in _chunks(dataset.train))
    mean = np.expand_dims(mean / len(dataset.train), 0)
    error = yardstick = 0.0
    for x in _chunks(dataset.test):
        error += np.square(model.reconstruct(x) - x).sum(dtype=np.float64)
        yardstick += np.square(mean - x).sum()
    values = len(dataset.test) * mean.size
    return {
        "reconstruction_mse": float(error / values),
        "reconstruction_mse_mean_image": float(yardstick / values),
    }

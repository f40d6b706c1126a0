"""How closely the model reconstructs the test set."""

from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

CHUNK = 4096  # examples held as floats at a time


def _chunks(split: Any) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, len(split), CHUNK)]


def reconstruction(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Mean squared error of reconstructions from the centre of the posterior.

    Args:
        model: needs `encode` and `decode`; one whose decoder reads the label is given it.
        dataset: any data.
        seed: unused; the centre of the posterior needs no draw.

    Returns:
        reconstruction_mse: mean over test images, pixels and channels, in squared units of the
            data's value range (of each pixel's deviation where data.standardise is set).
        reconstruction_mse_mean_image: the same for answering every image with the mean training
            image, the yardstick that a model must beat.
    """
    del seed
    train, test = dataset.train, dataset.test
    mean = sum(train.x(chunk).sum(axis=0, dtype=np.float64) for chunk in _chunks(train))
    mean = np.expand_dims(mean / len(train), 0)
    error = yardstick = 0.0
    for chunk in _chunks(test):
        x, label = test.x(chunk), test.label_at(chunk)
        error += np.square(model.reconstruct(x, label=label) - x).sum(dtype=np.float64)
        yardstick += np.square(mean - x).sum()
    values = len(test) * mean.size
    return {
        "reconstruction_mse": float(error / values),
        "reconstruction_mse_mean_image": float(yardstick / values),
    }


METRIC = Metric(
    reconstruction,
    Needs(("encode", "decode")),
    {
        "reconstruction_mse": Value(
            "Mean squared error, per pixel or coordinate, of reconstructed test examples",
            "lower",
        ),
        "reconstruction_mse_mean_image": Value(
            "Answering every test example with the mean training example",
            "",
            yardstick_of="reconstruction_mse",
        ),
    },
)

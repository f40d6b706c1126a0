"""Test error of a method that predicts classes."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.needs import Model


def classification(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Classifies the test set by argmax_k q(y_k | x), where y_k is class k itself.

    Args:
        model: needs `predict`, with one output for each class.
        dataset: needs labels.
        seed: unused; the prediction needs no draw.

    Returns:
        classification_error: fraction of test images given a wrong class, in [0, 1].
        classification_error_worst_class: the same among the images of the class that fares worst.
        classification_error_most_frequent: the same for always answering the most frequent class
            of the test set, the yardstick that a model must beat.
        The first two are NaN when a probability is not finite.
    """
    del seed
    label = dataset.test.label
    counts = np.bincount(label, minlength=dataset.num_classes)
    yardstick = {"classification_error_most_frequent": float(1 - counts.max() / counts.sum())}
    probability = model.predict(dataset.test.x())
    if not np.isfinite(probability).all():
        names = ("classification_error", "classification_error_worst_class")
        return dict.fromkeys(names, math.nan) | yardstick
    wrong = probability.argmax(axis=1) != label
    each = np.bincount(label, weights=wrong, minlength=dataset.num_classes)
    present = counts > 0
    return {
        "classification_error": float(wrong.mean()),
        "classification_error_worst_class": float((each[present] / counts[present]).max()),
    } | yardstick

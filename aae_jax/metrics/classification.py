"""Test error of a method that predicts classes."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs


def errors(score: np.ndarray, label: np.ndarray) -> tuple[float, float]:
    """Error of answering with the class of the highest score.

    Args:
        score: [N, K], a column for each class.
        label: int [N].

    Returns:
        The fraction of examples given a wrong class, in [0, 1], and the same among the examples of
        the class that fares worst; NaN when a score is not finite.
    """
    if not np.isfinite(score).all():
        return math.nan, math.nan
    wrong = score.argmax(axis=1) != label
    counts = np.bincount(label, minlength=score.shape[1])
    each = np.bincount(label, weights=wrong, minlength=score.shape[1])
    present = counts > 0
    return float(wrong.mean()), float((each[present] / counts[present]).max())


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
    error, worst = errors(model.predict(dataset.test.x()), label)
    return {
        "classification_error": error,
        "classification_error_worst_class": worst,
        "classification_error_most_frequent": float(1 - np.bincount(label).max() / len(label)),
    }


METRIC = Metric(
    classification,
    Needs(("predict",), labels=True, class_components=True),
    {
        "classification_error": Value("Test images given a wrong class", "lower", fraction=True),
        "classification_error_worst_class": Value(
            "The same among the images of the class that fares worst", "lower", fraction=True
        ),
        "classification_error_most_frequent": Value(
            "Always answering the most frequent class",
            "",
            fraction=True,
            yardstick_of="classification_error",
        ),
    },
)

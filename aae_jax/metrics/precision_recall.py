"""Precision, recall, density and coverage: fidelity and diversity of samples apart."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.extractor import EACH, TRAIN
from aae_jax.metrics.features import features_of_images, features_of_samples
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

NEIGHBOURS = 5
_BLOCK = 500  # rows of distances held at a time


def compare(samples: np.ndarray, real: np.ndarray, k: int) -> dict[str, float]:
    """How samples and real images lie among each other; k-th neighbours span the balls.

    Args:
        samples: features (N, F), N above k.
        real: features (M, F), M above k.
        k: neighbours, an image not being its own.

    Returns:
        precision: fraction of samples within the ball of a real image.
        recall: fraction of real images within the ball of a sample.
        density: mean number of real images' balls that a sample is in, by k; may exceed 1.
        coverage: fraction of real images whose ball holds a sample.

    Source: "Improved Precision and Recall Metric for Assessing Generative Models", Eqs. 1 and 2,
    which takes 3 neighbours, and "Reliable Fidelity and Diversity Metrics for Generative Models",
    Eqs. 3 and 4, which takes 5.
    """
    # Squares of distances are differences of large numbers unless the features are about 0.
    centre = real.mean(axis=0, keepdims=True, dtype=np.float64)
    samples, real = samples - centre, real - centre
    around_sample, around_real = _radii(samples, k), _radii(real, k)
    precise = np.zeros(len(samples), bool)
    recalled, covered, balls = 0, 0, 0
    for start in range(0, len(real), _BLOCK):
        block = slice(start, start + _BLOCK)
        distance = _squared_distances(real[block], samples)
        in_ball = distance <= around_real[block, None]
        precise |= in_ball.any(axis=0)
        covered += in_ball.any(axis=1).sum()
        balls += in_ball.sum()
        recalled += (distance <= around_sample[None]).any(axis=1).sum()
    return {
        "precision": float(precise.mean()),
        "recall": float(recalled / len(real)),
        "density": float(balls / (k * len(samples))),
        "coverage": float(covered / len(real)),
    }


def _radii(x: np.ndarray, k: int) -> np.ndarray:
    """Squared distance of each row to its k-th nearest other one."""
    radii = np.empty(len(x))
    for start in range(0, len(x), _BLOCK):
        distance = _squared_distances(x[start : start + _BLOCK], x)
        row = np.arange(len(distance))
        distance[row, start + row] = math.inf
        radii[start : start + _BLOCK] = np.partition(distance, k - 1, axis=1)[:, k - 1]
    return radii


def _squared_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    lengths = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1)[None]
    return np.maximum(lengths - 2 * a @ b.T, 0.0)


def precision_recall(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Compares samples with test images, as many of both, by their `NEIGHBOURS`-th neighbours.

    Args:
        model: needs `prior` and `decode`.
        dataset: images, and an extractor; numbers by different networks cannot be compared.
        seed: of the samples and of the choice of images.

    Returns:
        sample_precision, sample_recall, sample_density, sample_coverage: as in `compare`; NaN where
            a sample is not finite.
        The same names with _train: of training images in place of samples.
    """
    test = features_of_images(dataset, "test", seed)
    train = compare(features_of_images(dataset, "train", seed), test, NEIGHBOURS)
    samples = features_of_samples(model, dataset, seed)
    ours = dict.fromkeys(train, math.nan)
    if samples is not None:
        ours = compare(samples, test, NEIGHBOURS)
    return {f"sample_{name}": value for name, value in ours.items()} | {
        f"sample_{name}_train": value for name, value in train.items()
    }


METRIC = Metric(
    precision_recall,
    Needs(("prior", "decode"), data="images", extractor=True),
    {
        "sample_precision": Value(
            "Samples among the test images (precision): within the fifth-neighbour ball of "
            f"one; {EACH}",
            "higher",
            fraction=True,
        ),
        "sample_precision_train": Value(TRAIN, "", fraction=True, yardstick_of="sample_precision"),
        "sample_recall": Value(
            "Test images among the samples (recall): within the fifth-neighbour ball of one",
            "higher",
            fraction=True,
        ),
        "sample_recall_train": Value(TRAIN, "", fraction=True, yardstick_of="sample_recall"),
        "sample_density": Value(
            "Fifth-neighbour balls of test images that a sample is in, by five (density)",
            "higher",
        ),
        "sample_density_train": Value(TRAIN, "", yardstick_of="sample_density"),
        "sample_coverage": Value(
            "Test images whose fifth-neighbour ball holds a sample (coverage)",
            "higher",
            fraction=True,
        ),
        "sample_coverage_train": Value(TRAIN, "", fraction=True, yardstick_of="sample_coverage"),
    },
)

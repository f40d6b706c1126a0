"""Fréchet distance of samples from real images, in the features of an independent network."""

import math
from typing import Any, NamedTuple

import numpy as np

from aae_jax.metrics.extractor import EACH, TRAIN
from aae_jax.metrics.features import features_of_images, features_of_samples
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

_BLOCK = 1_000  # rows held as 64-bit numbers at a time


class Moments(NamedTuple):
    """Mean (F,) and unbiased covariance (F, F) of features, in 64 bits."""

    mean: np.ndarray
    covariance: np.ndarray


def moments(features: np.ndarray) -> Moments:
    """The moments of features (N, F), N at least 2."""
    mean = features.mean(axis=0, dtype=np.float64)
    scatter = np.zeros((len(mean), len(mean)))
    for start in range(0, len(features), _BLOCK):
        centred = features[start : start + _BLOCK] - mean[None]
        scatter += centred.T @ centred
    return Moments(mean, scatter / (len(features) - 1))


def frechet(a: Moments, b: Moments) -> float:
    """|m_a - m_b|^2 + Tr(C_a + C_b - 2 (C_a C_b)^(1/2)), the squared distance of two Gaussians.

    The trace of the root is the sum of the singular values of C_a^(1/2) C_b^(1/2), both roots being
    of symmetric matrices: nothing grows complex, and singular covariances do no harm.

    Source: "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium",
    Eq. 6.
    """
    product = _root(a.covariance) @ _root(b.covariance)
    cross = np.linalg.svd(product, compute_uv=False).sum()
    spread = np.trace(a.covariance) + np.trace(b.covariance) - 2 * cross
    # Below 0 by rounding alone, between equal ones.
    return float(np.square(a.mean - b.mean).sum() + max(spread, 0.0))


def _root(covariance: np.ndarray) -> np.ndarray:
    """The symmetric root; eigenvalues that rounding made negative are 0."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0.0))[None]) @ vectors.T


def fid(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """The distance of samples from test images, as many of both.

    It is FID where the extractor is Inception; by another network, or of another number of images,
    numbers cannot be compared: the fewer images, the larger all distances. Most papers take 50,000
    samples and the training images.

    Args:
        model: needs `prior` and `decode`.
        dataset: images, and an extractor with fewer features than there are images.
        seed: of the samples and of the choice of images.

    Returns:
        fid: the distance, 0 or more; NaN where a sample is not finite.
        fid_floor: the same of training images from test images.
    """
    test = moments(features_of_images(dataset, "test", seed))
    train = moments(features_of_images(dataset, "train", seed))
    samples = features_of_samples(model, dataset, seed)
    return {
        "fid": math.nan if samples is None else frechet(moments(samples), test),
        "fid_floor": frechet(train, test),
    }


METRIC = Metric(
    fid,
    Needs(("prior", "decode"), data="images", extractor=True, covariance=True),
    {
        "fid": Value(
            f"Fréchet distance of features between samples and test images (FID); {EACH}",
            "lower",
        ),
        "fid_floor": Value(TRAIN, "", yardstick_of="fid"),
    },
)

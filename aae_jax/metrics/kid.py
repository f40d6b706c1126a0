"""Kernel distance of samples from real images, in the features of an independent network."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.extractor import EACH, TRAIN
from aae_jax.metrics.features import features_of_images, features_of_samples
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

SUBSETS = 100
SUBSET_SIZE = 1_000  # of each side, or half of it where that is fewer


def squared_mmd(x: np.ndarray, y: np.ndarray) -> float:
    """Unbiased estimate of MMD^2 with the kernel k(a, b) = (a.b / F + 1)^3.

    Args:
        x: features (N, F), N at least 2.
        y: features (M, F), M at least 2.

    Source: "Demystifying MMD GANs", Section 4 and Eq. 4. Being unbiased, it may be negative.
    """
    x, y = x.astype(np.float64), y.astype(np.float64)

    def others(a: np.ndarray) -> float:
        """Mean of the kernel over pairs of different rows."""
        values = _kernel(a, a)
        return (values.sum() - np.trace(values)) / (len(a) * (len(a) - 1))

    return float(others(x) + others(y) - 2 * _kernel(x, y).mean())


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a @ b.T / a.shape[1] + 1) ** 3


def over_subsets(x: np.ndarray, y: np.ndarray, seed: int) -> np.ndarray:
    """`squared_mmd` of `SUBSETS` random subsets of features x and y, (N, F) each."""
    rng = np.random.default_rng(seed)
    size = min(SUBSET_SIZE, len(x) // 2)
    return np.array(
        [
            squared_mmd(*(side[rng.choice(len(side), size, replace=False)] for side in (x, y)))
            for _ in range(SUBSETS)
        ]
    )


def kid(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """The distance of samples from test images, as many of both.

    It is KID where the extractor is Inception; numbers by different networks cannot be compared.
    Its mean does not depend on the number of images.

    Args:
        model: needs `prior` and `decode`.
        dataset: images, and an extractor.
        seed: of the samples, of the choice of images and of subsets.

    Returns:
        kid: mean over the subsets, as it is and not in thousandths; NaN where a sample is not
            finite.
        kid_std: standard deviation over the subsets (n in the denominator, as usual).
        kid_floor: the mean for training images and test images.
    """
    test = features_of_images(dataset, "test", seed)
    samples = features_of_samples(model, dataset, seed)
    distances = math.nan if samples is None else over_subsets(samples, test, seed)
    floor = over_subsets(features_of_images(dataset, "train", seed), test, seed)
    return {
        "kid": float(np.mean(distances)),
        "kid_std": math.nan if samples is None else float(np.std(distances)),
        "kid_floor": float(np.mean(floor)),
    }


METRIC = Metric(
    kid,
    Needs(("prior", "decode"), data="images", extractor=True),
    {
        "kid": Value(
            "Kernel distance (squared MMD) of features between samples and test images (KID), "
            f"mean over 100 subsets; {EACH}",
            "lower",
        ),
        "kid_std": Value("Standard deviation of KID over the subsets", ""),
        "kid_floor": Value(TRAIN, "", yardstick_of="kid"),
    },
)

"""Parzen window log-likelihood of the test set under samples of the model.

The protocol of the reference code of "Generative Adversarial Nets", which "Adversarial
Autoencoders" follows: a Gaussian kernel on model samples, its sigma chosen by the likelihood of
images held out of training. Pixel values are in [0, 1], whatever the model was trained on.
"""

import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from absl import logging

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs
from aae_jax.progress import Progress

SAMPLES = {"parzen": 10_000, "parzen_10m": 10_000_000}
SIGMAS = np.logspace(-1, 0, 10)
VALIDATION = 1_000  # images of the validation part that choose sigma, from its first on
BLOCK = 1_000  # samples at a time
LOG_SECONDS = 30.0


def _samples(model: Model, dataset: Any, total: int, seed: int, what: str) -> Iterator[np.ndarray]:
    """Blocks (BLOCK, d) of model samples as pixel values in [0, 1]; tells how far it is."""
    blocks = total // BLOCK
    progress, logged = Progress(0, blocks, BLOCK), time.monotonic()
    for i in range(blocks):
        if time.monotonic() - logged > LOG_SECONDS:
            logging.info("Parzen window, %s: %s", what, progress.report(i)[0])
            logged = time.monotonic()
        # Every block of every seed has a seed of its own.
        x = model.sample(BLOCK, seed * blocks + i)
        yield dataset.test.to_unit(x).reshape(BLOCK, -1)


def _parzen(name: str, model: Model, dataset: Any, seed: int) -> dict[str, float]:
    from aae_jax.metrics.kernel_density import log_density

    def score(split: Any, index: slice, sigmas: np.ndarray, what: str) -> np.ndarray:
        x = split.to_unit(split.x(index)).reshape(-1, np.prod(dataset.example_shape))
        # The same samples each time; made anew, as millions of them have no room in memory.
        return log_density(x, _samples(model, dataset, SAMPLES[name], seed, what), sigmas)

    likelihood = score(dataset.validation, slice(VALIDATION), SIGMAS, "choosing sigma").mean(axis=1)
    if not np.isfinite(likelihood).all():
        values = ("log_likelihood", "standard_error", "sigma", "sigma_at_edge")
        return {f"{name}_{value}": math.nan for value in values}
    best = int(likelihood.argmax())
    at_edge = best in (0, len(SIGMAS) - 1)
    if at_edge:
        logging.warning(
            "%s: the best sigma, %.3g, is at the edge of those tried (%.3g to %.3g): a better one "
            "may lie beyond, so the log-likelihood is a low estimate",
            name,
            SIGMAS[best],
            SIGMAS[0],
            SIGMAS[-1],
        )
    [scores] = score(dataset.test, slice(None), SIGMAS[best : best + 1], "test images")
    return {
        f"{name}_log_likelihood": float(scores.mean()),
        f"{name}_standard_error": float(scores.std() / np.sqrt(len(scores))),
        f"{name}_sigma": float(SIGMAS[best]),
        f"{name}_sigma_at_edge": float(at_edge),
    }


def parzen(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Scores the test images under 10,000 samples.

    Args:
        model: needs `prior` and `decode`.
        dataset: images with a validation part, whose first `VALIDATION` choose sigma.
        seed: of the samples.

    Returns:
        parzen_log_likelihood: mean over test images, in nats per image.
        parzen_standard_error: standard deviation over test images / sqrt of their number.
        parzen_sigma: the best of `SIGMAS` on the validation images.
        parzen_sigma_at_edge: 1 when it is the first or the last of them, which is also logged as a
            warning, else 0.
        All are NaN when a sample is not finite.
    """
    return _parzen("parzen", model, dataset, seed)


def parzen_10m(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """The same with 10 million samples, a tighter lower bound.

    Sigma is chosen anew under all 10 million, as for any other number of samples: the best one
    shrinks as samples become dense, and the one of 10,000 would give part of the gain away. This
    makes the samples twice and costs a tenth more distances.

    Args:
        model, dataset, seed: as in `parzen`.

    Returns:
        The numbers of `parzen`, under names that begin with parzen_10m.
    """
    return _parzen("parzen_10m", model, dataset, seed)


def _values(name: str, samples: str) -> dict[str, Value]:
    return {
        f"{name}_log_likelihood": Value(
            f"Log-likelihood of test images, nats: Gaussian kernels on {samples} samples of the "
            "model (Parzen window)",
            "higher",
        ),
        f"{name}_standard_error": Value(
            f"Standard error of the log-likelihood under {samples} samples, over test images", ""
        ),
        f"{name}_sigma": Value(
            f"Kernel width under {samples} samples, chosen on validation images", ""
        ),
        f"{name}_sigma_at_edge": Value(
            "1 if that width is the smallest or largest tried, so that the log-likelihood is a low "
            "estimate; else 0",
            "",
        ),
    }


METRIC = Metric(
    parzen,
    Needs(("prior", "decode"), data="images", validation=True),
    _values("parzen", "10,000"),
)

METRIC_10M = Metric(
    parzen_10m,
    Needs(("prior", "decode"), data="images", validation=True),
    _values("parzen_10m", "10 million"),
)

"""How many modes of a known mixture the samples reach, and how many samples lie in one."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.nearest_mode import nearest_mode
from aae_jax.metrics.needs import Model, Needs

SAMPLES = 2_500
ALI_SAMPLES = 10_000  # the first SAMPLES of them are those of the other numbers
HIGH_QUALITY = 3.0  # standard deviations from the nearest mean


def _score(x: np.ndarray, modes: Any) -> tuple[int, float, float]:
    """Modes captured, fraction of high quality and reverse KL of finite points."""
    index, distance = nearest_mode(x, modes.means)
    high = distance <= HIGH_QUALITY * modes.std
    count = np.bincount(index, minlength=len(modes.means))
    share = count[count > 0] / len(index)
    reverse_kl = (share * np.log(share * len(modes.means))).sum()
    return len(np.unique(index[high])), float(high.mean()), float(reverse_kl)


def modes(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Assigns samples to the mode whose mean is nearest.

    A sample is of high quality when it lies within 3 standard deviations (Euclidean) of the nearest
    mean; a mode is captured when a sample of high quality is nearest to it: "VEEGAN: Reducing Mode
    Collapse in GANs using Implicit Variational Learning", as "AIM: Adversarial Inference by
    Matching Priors and Conditionals" follows it (Table 2). The count of "Adversarially Learned
    Inference" takes any sample. The reverse KL of "PacGAN: The Power of Two Samples in Generative
    Adversarial Networks" is sum_k p_k log(p_k / (1/K)), where p_k is the share of all samples,
    whatever their quality, that are nearest to mode k, and the K true modes are equally likely.

    Args:
        model: needs `prior` and `decode`.
        dataset: needs modes with a width.
        seed: of the samples.

    Returns:
        modes_captured: modes captured by 2,500 samples, in [0, K].
        modes_of_data: K.
        modes_high_quality: fraction of these samples that are of high quality.
        modes_high_quality_of_data: the same of as many test points.
        modes_reverse_kl: of these samples, nats, in [0, log K]; samples of the true mixture score
            about (K - 1) / 5,000.
        modes_reverse_kl_of_data: the same of as many test points.
        modes_any_sample: modes that are nearest to any of 10,000 samples.
        Those of the samples are NaN when a sample is not finite.
    """
    x = model.sample(ALI_SAMPLES, seed)
    if np.isfinite(x).all():
        captured, high_quality, reverse_kl = _score(x[:SAMPLES], dataset.modes)
        any_sample = len(np.unique(nearest_mode(x, dataset.modes.means)[0]))
    else:
        captured = high_quality = reverse_kl = any_sample = math.nan
    _, data_high_quality, data_reverse_kl = _score(dataset.test.x(slice(SAMPLES)), dataset.modes)
    return {
        "modes_captured": float(captured),
        "modes_of_data": float(len(dataset.modes.means)),
        "modes_high_quality": high_quality,
        "modes_high_quality_of_data": data_high_quality,
        "modes_reverse_kl": reverse_kl,
        "modes_reverse_kl_of_data": data_reverse_kl,
        "modes_any_sample": float(any_sample),
    }


_OF_SAMPLES = f"{SAMPLES:,} samples"
_TEST_POINTS = "Points of the test set"

METRIC = Metric(
    modes,
    Needs(("prior", "decode"), modes="wide"),
    {
        "modes_captured": Value(
            f"True modes that are nearest to a sample of high quality; {_OF_SAMPLES}",
            "higher",
            count=True,
        ),
        "modes_of_data": Value("Modes of the data", "", yardstick_of="modes_captured"),
        "modes_high_quality": Value(
            "Samples within 3 standard deviations of the nearest mode (high quality); "
            f"{_OF_SAMPLES}",
            "higher",
            fraction=True,
        ),
        "modes_high_quality_of_data": Value(
            _TEST_POINTS, "", fraction=True, yardstick_of="modes_high_quality"
        ),
        "modes_reverse_kl": Value(
            "KL divergence of the samples' shares of the modes from equal shares, nats; "
            f"{_OF_SAMPLES}",
            "lower",
        ),
        "modes_reverse_kl_of_data": Value(_TEST_POINTS, "", yardstick_of="modes_reverse_kl"),
        "modes_any_sample": Value(
            "True modes that are nearest to any of 10,000 samples, however far",
            "higher",
            count=True,
        ),
    },
)

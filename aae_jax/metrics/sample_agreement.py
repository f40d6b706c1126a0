"""Whether images made for a label show it."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.features import judge_samples
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

SAMPLES = 1_000  # of each label


def sample_agreement(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Has an independent classifier judge samples of each label.

    The claim of Fig. 8 of "Learning Priors for Adversarial Autoencoders", which gives no number:
    each column of samples shows one class.

    Args:
        model: needs `prior`, `decode`, and one component for each class.
        dataset: images with labels, and a scorer.
        seed: of the samples.

    Returns:
        sample_agreement: fraction of `SAMPLES` samples of each label to which the classifier gives
            that label, in [0, 1]; mean over labels.
        sample_agreement_worst_class: the same of the label that has the smallest one.
        Both are NaN where a sample is not finite.
    """

    def judge(x: np.ndarray) -> np.ndarray:
        return dataset.scorer.predict(x).argmax(axis=1)

    shares = []
    for k in range(model.components):
        judged = judge_samples(model, judge, SAMPLES, seed + k, component=k)
        shares.append(math.nan if judged is None else float((judged == k).mean()))
    return {
        "sample_agreement": float(np.mean(shares)),
        "sample_agreement_worst_class": float(np.min(shares)),
    }


METRIC = Metric(
    sample_agreement,
    Needs(("prior", "decode"), labels=True, class_components=True, data="images", classifier=True),
    {
        "sample_agreement": Value(
            "Samples of each label to which an independent classifier gives that label",
            "higher",
            fraction=True,
        ),
        "sample_agreement_worst_class": Value(
            "Such samples of the label that has the fewest", "higher", fraction=True
        ),
    },
)

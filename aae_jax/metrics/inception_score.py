"""Inception score: samples of sure classes, and of many of them."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.features import judge_images, judge_samples
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

SAMPLES = 50_000
SPLITS = 10


def score(probabilities: np.ndarray) -> float:
    """exp E[KL(p(y|x) || p(y))], from 1 to the number of classes.

    Args:
        probabilities: p(y|x) of each image, (N, K), rows that sum to 1.

    Source: "Improved Techniques for Training GANs", Section 4.
    """
    p = np.asarray(probabilities, np.float64)
    marginal = p.mean(axis=0, keepdims=True)
    # 0 log 0 = 0: an entry of 0 has a ratio of 1 here, whose logarithm is 0.
    ratio = np.divide(p, marginal, out=np.ones_like(p), where=p > 0)
    return math.exp((p * np.log(ratio)).sum(axis=1).mean())


def inception_score(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """The score of `SAMPLES` samples, in `SPLITS` parts, under the data's extractor.

    That is Inception, whose 1,008 outputs are the classes, where its weights are named, else the
    classifier of the data's own classes. Scores by different networks cannot be compared.

    Args:
        model: needs `prior` and `decode`.
        dataset: images, and an extractor.
        seed: of the samples.

    Returns:
        inception_score: mean over the parts, from 1 to the number of classes; NaN where a sample
            is not finite.
        inception_score_std: standard deviation over the parts (n in the denominator, as usual).
        inception_score_real: the score of the test images, in one part: what real ones reach.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1.
    """
    judge = dataset.extractor.predict
    judged = judge_samples(model, judge, SAMPLES, seed)
    scores = [math.nan]
    if judged is not None:
        scores = [score(part) for part in np.array_split(judged, SPLITS)]
    return {
        "inception_score": float(np.mean(scores)),
        "inception_score_std": float(np.std(scores)),
        "inception_score_real": score(judge_images(dataset.test, judge)),
    }


METRIC = Metric(
    inception_score,
    Needs(("prior", "decode"), data="images", extractor=True),
    {
        "inception_score": Value(
            "Inception score of 50,000 samples: 1 to the number of classes of the network that "
            "judges, 1,008 for Inception",
            "higher",
        ),
        "inception_score_std": Value(
            "Standard deviation of the inception score over ten parts of the samples", ""
        ),
        "inception_score_real": Value(
            "Inception score of the test images", "", yardstick_of="inception_score"
        ),
    },
)

"""Inception score: samples of sure classes, and of many of them."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.needs import Model

SAMPLES = 50_000
SPLITS = 10
CHUNK = 1_000  # images held at a time


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
    """The score of `SAMPLES` samples under the data's own classifier, in `SPLITS` parts.

    Scores by different classifiers cannot be compared.

    Args:
        model: needs `prior` and `decode`.
        dataset: images, and a scorer.
        seed: of the samples.

    Returns:
        inception_score: mean over the parts, from 1 to the number of classes; NaN where a sample
            is not finite.
        inception_score_std: standard deviation over the parts (n in the denominator, as usual).
        inception_score_real: the score of the test images, in one part: what real ones reach.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1.
    """
    judged = _judge_samples(model, dataset.scorer, seed)
    scores = [math.nan]
    if judged is not None:
        scores = [score(part) for part in np.array_split(judged, SPLITS)]
    test = dataset.test
    real = [
        dataset.scorer.predict(test.x(slice(start, start + CHUNK)))
        for start in range(0, len(test), CHUNK)
    ]
    return {
        "inception_score": float(np.mean(scores)),
        "inception_score_std": float(np.std(scores)),
        "inception_score_real": score(np.concatenate(real)),
    }


def _judge_samples(model: Model, scorer: Any, seed: int) -> np.ndarray | None:
    """p(y|x) of the model's samples, (N, K); None when one of them is not finite."""
    rng = np.random.default_rng(seed)
    judged = []
    for start in range(0, SAMPLES, CHUNK):
        x = model.sample(min(CHUNK, SAMPLES - start), seed=int(rng.integers(2**31)))
        if not np.isfinite(x).all():
            return None
        judged.append(scorer.predict(x))
    return np.concatenate(judged)

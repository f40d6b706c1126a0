"""The second classifier of a mixture model: Bayes' rule on the embedding."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.clustering import errors, held_out
from aae_jax.metrics.confusion import EXEMPLAR, HUNGARIAN, MAJORITY
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs


def bayes_classifier(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Clusters the test set by argmax_k p(z | y = k) p(y = k) at the posterior mean z.

    Eq. 19 of "Adversarially Learned Mixture Model", whose Eq. 17, the paper's accuracy, names its
    labels as these.

    Args:
        model: needs `encode`, `log_joint` and `predict`.
        dataset: needs labels.
        seed: as in `clustering`.

    Returns:
        bayes_clustering_error_majority, bayes_clustering_error_hungarian,
        bayes_clustering_error_exemplar: as in `clustering`, fractions in [0, 1].
        bayes_agreement: fraction of test images on which both classifiers choose the same cluster.
        bayes_log_likelihood: mean log p(z) of the test embeddings under the learned mixture, in
            nats per embedding.
        NaN where a density or probability is not finite.
    """
    from scipy.special import logsumexp, softmax

    def log_joint(x: np.ndarray) -> np.ndarray:
        return np.asarray(model.log_joint(model.encode(x)["z"]), np.float64)

    x = dataset.test.x()
    other_x, other_label = held_out(dataset, seed)
    joint = log_joint(x)
    rates = errors(
        softmax(joint, axis=1),
        dataset.test.label,
        softmax(log_joint(other_x), axis=1),
        other_label,
        dataset.num_classes,
    )
    predicted = model.predict(x)
    finite = np.isfinite(joint).all() and np.isfinite(predicted).all()
    agreement = (joint.argmax(axis=1) == predicted.argmax(axis=1)).mean() if finite else math.nan
    return {f"bayes_{name}": rate for name, rate in rates.items()} | {
        "bayes_agreement": float(agreement),
        "bayes_log_likelihood": float(logsumexp(joint, axis=1).mean()),
    }


_ERROR = "Error when clusters come from Bayes' rule on the embedding"

METRIC = Metric(
    bayes_classifier,
    Needs(("encode", "log_joint", "predict"), labels=True),
    {
        "bayes_clustering_error_majority": Value(f"{_ERROR}; {MAJORITY}", "lower", fraction=True),
        "bayes_clustering_error_hungarian": Value(f"{_ERROR}; {HUNGARIAN}", "lower", fraction=True),
        "bayes_clustering_error_exemplar": Value(f"{_ERROR}; {EXEMPLAR}", "lower", fraction=True),
        "bayes_agreement": Value(
            "Test images that the encoder and Bayes' rule put into the same cluster",
            "higher",
            fraction=True,
        ),
        "bayes_log_likelihood": Value(
            "Mean log-likelihood of test embeddings under the learned mixture, nats", "higher"
        ),
    },
)

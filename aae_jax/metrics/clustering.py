"""How well the predicted clusters of the test set agree with its labels."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.confusion import (
    EXEMPLAR,
    HUNGARIAN,
    MAJORITY,
    cluster_confusion,
    error_rate,
    exemplar_map,
    hungarian_map,
    majority_map,
)
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

MAX_EXEMPLARS = 10_000  # training images searched for exemplars when none are held out


def held_out(dataset: Any, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels outside the test set, from which exemplars are chosen.

    Returns:
        The whole validation split or, where there is none or it has no labels, `MAX_EXEMPLARS`
        random training images.
    """
    if dataset.validation is not None and dataset.validation.label is not None:
        return dataset.validation.x(), dataset.validation.label
    train = dataset.train
    index = train.some(MAX_EXEMPLARS, seed)
    return train.x(index), train.label[index]


def errors(
    test_probability: np.ndarray,
    test_label: np.ndarray,
    other_probability: np.ndarray,
    other_label: np.ndarray,
    classes: int,
) -> dict[str, float]:
    """Clustering errors of the test set under the three rules.

    Args:
        test_probability: [N, K], q(y | x) of the test set.
        test_label: int [N].
        other_probability: [M, K], q(y | x) of images outside the test set.
        other_label: int [M].
        classes: number of classes.

    Returns:
        clustering_error_majority, clustering_error_hungarian, clustering_error_exemplar, fractions
        in [0, 1]; NaN when a probability is not finite.
    """
    if not (np.isfinite(test_probability).all() and np.isfinite(other_probability).all()):
        rules = ("majority", "hungarian", "exemplar")
        return {f"clustering_error_{rule}": math.nan for rule in rules}
    confusion = cluster_confusion(
        test_probability.argmax(axis=1), test_label, test_probability.shape[1], classes
    )
    return {
        "clustering_error_majority": error_rate(confusion, majority_map(confusion)),
        "clustering_error_hungarian": error_rate(confusion, hungarian_map(confusion)),
        "clustering_error_exemplar": error_rate(
            confusion, exemplar_map(other_probability, other_label)
        ),
    }


def clustering(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Clusters the test set by argmax_k q(y_k | x) and compares with the labels.

    Args:
        model: needs `predict`.
        dataset: needs labels.
        seed: chooses the training images for the exemplar rule when no validation split is held
            out (`MAX_EXEMPLARS` of them, a deviation from the paper's rule).

    Returns:
        clustering_error_majority: each cluster takes its majority label on the test set.
        clustering_error_hungarian: best one-to-one mapping; clusters beyond the number of classes
            count as errors. Eq. 17 of "Adversarially Learned Mixture Model" takes the best of all
            mappings, by the letter the majority's.
        clustering_error_exemplar: cluster i takes the label of the validation image with the
            largest q(y_i | x), the rule of "Adversarial Autoencoders".
        nmi: normalised mutual information (arithmetic mean), in [0, 1].
        ari: adjusted Rand index, at most 1, 0 by chance.
        clusters_used: clusters that hold at least one test image.
        All are NaN when a probability is not finite.
    """
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    label = dataset.test.label
    probability = model.predict(dataset.test.x())
    other_x, other_label = held_out(dataset, seed)
    result = errors(probability, label, model.predict(other_x), other_label, dataset.num_classes)
    if math.isnan(result["clustering_error_majority"]):
        return result | {"nmi": math.nan, "ari": math.nan, "clusters_used": math.nan}
    cluster = probability.argmax(axis=1)
    return result | {
        "nmi": float(normalized_mutual_info_score(label, cluster)),
        "ari": float(adjusted_rand_score(label, cluster)),
        "clusters_used": float(len(np.unique(cluster))),
    }


_ERROR = "Test examples in a cluster of another label"

METRIC = Metric(
    clustering,
    Needs(("predict",), labels=True),
    {
        "clustering_error_majority": Value(f"{_ERROR}; {MAJORITY}", "lower", fraction=True),
        "clustering_error_hungarian": Value(f"{_ERROR}; {HUNGARIAN}", "lower", fraction=True),
        "clustering_error_exemplar": Value(f"{_ERROR}; {EXEMPLAR}", "lower", fraction=True),
        "nmi": Value(
            "Normalised mutual information of clusters and labels: 0 unrelated, 1 identical",
            "higher",
        ),
        "ari": Value(
            "Adjusted Rand index of clusters and labels: 0 as good as chance, 1 identical",
            "higher",
        ),
        "clusters_used": Value("Clusters that hold at least one test image", "", count=True),
    },
)

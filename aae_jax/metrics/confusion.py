"""From clusters to labels: the mapping rules and the error they give, in plain numpy.

A cluster map is an int array [K] that holds each cluster's label, or `NO_LABEL`.
"""

import numpy as np

NO_LABEL = -1

# The rules of `majority_map`, `hungarian_map` and `exemplar_map`, as readers are told them.
MAJORITY = "each cluster takes the label that most of its test images have"
HUNGARIAN = "best one-to-one mapping of clusters to labels; clusters left over count as errors"
EXEMPLAR = "each cluster takes the label of the image outside the test set that it claims most"


def cluster_confusion(
    cluster: np.ndarray, label: np.ndarray, clusters: int, classes: int
) -> np.ndarray:
    """Counts the examples of each (cluster, label) pair.

    Args:
        cluster: int [N], predicted clusters in [0, clusters).
        label: int [N], true labels in [0, classes).
        clusters: number of clusters K.
        classes: number of classes.

    Returns:
        int64 [clusters, classes].

    Raises:
        ValueError: not as many of both, or one outside its range.
    """
    cluster, label = np.asarray(cluster), np.asarray(label)
    if cluster.shape != label.shape:
        raise ValueError(f"{cluster.shape} clusters but {label.shape} labels")
    if cluster.size and (cluster.min() < 0 or cluster.max() >= clusters):
        raise ValueError(f"a cluster lies outside [0, {clusters})")
    if label.size and (label.min() < 0 or label.max() >= classes):
        raise ValueError(f"a label lies outside [0, {classes})")
    pair = cluster.astype(np.int64) * classes + label
    return np.bincount(pair, minlength=clusters * classes).reshape(clusters, classes)


def majority_map(confusion: np.ndarray) -> np.ndarray:
    """Each cluster takes the label that most of its examples have; an empty one takes none.

    The best of all mappings (Eq. 17 of "Adversarially Learned Mixture Model", by the letter). Of
    labels that are equally frequent the smallest wins.
    """
    return np.where(confusion.sum(axis=1) > 0, confusion.argmax(axis=1), NO_LABEL)


def hungarian_map(confusion: np.ndarray) -> np.ndarray:
    """The one-to-one mapping of clusters to labels with the most correct examples.

    One-to-one also when the numbers differ: with more clusters than classes the clusters left over
    take no label, so that all their examples count as errors.
    """
    from scipy.optimize import linear_sum_assignment

    mapping = np.full(confusion.shape[0], NO_LABEL)
    clusters, labels = linear_sum_assignment(confusion, maximize=True)
    mapping[clusters] = labels
    return mapping


def exemplar_map(probability: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Cluster i takes the label of the example with the largest q(y_i | x).

    The rule of "Adversarial Autoencoders". The examples must not be the ones to be scored.

    Args:
        probability: [N, K], q(y | x) of held-out examples, each row a softmax.
        label: int [N], their labels.
    """
    # A sure network's largest probability is 1 to the last digit for hundreds of examples. What is
    # left for the other clusters still tells them apart.
    probability = np.asarray(probability, np.float64)
    clusters = range(probability.shape[1])
    others = [np.delete(probability, cluster, axis=1).sum(axis=1) for cluster in clusters]
    return np.asarray(label)[np.argmin(others, axis=1)]


def error_rate(confusion: np.ndarray, mapping: np.ndarray) -> float:
    """Fraction of examples, in [0, 1], whose cluster's label is not their own."""
    labelled = np.flatnonzero(mapping != NO_LABEL)
    correct = confusion[labelled, mapping[labelled]].sum()
    total = confusion.sum()
    return float((total - correct) / total)

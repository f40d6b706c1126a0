"""The yardstick of clustering: k-means on the pixels."""

from typing import Any

from aae_jax.metrics.confusion import (
    HUNGARIAN,
    MAJORITY,
    cluster_confusion,
    error_rate,
    hungarian_map,
    majority_map,
)
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

MAX_POINTS = 20_000  # training points that k-means is fitted to
RESTARTS = 3


def kmeans(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Fits k-means to (at most `MAX_POINTS` random) training images and clusters the test set.

    Args:
        model: only its number of clusters is used.
        dataset: needs labels.
        seed: chooses the images and the `RESTARTS` initialisations.

    Returns:
        kmeans_error_majority, kmeans_error_hungarian: clustering errors of the test set as in
        `clustering`, fractions in [0, 1].
    """
    from sklearn.cluster import KMeans

    train, test = dataset.train, dataset.test
    index = train.some(MAX_POINTS, seed)
    fitted = KMeans(model.components, n_init=RESTARTS, random_state=seed)
    fitted.fit(train.x(index).reshape(len(index), -1))
    cluster = fitted.predict(test.x().reshape(len(test), -1))
    confusion = cluster_confusion(cluster, test.label, model.components, dataset.num_classes)
    return {
        "kmeans_error_majority": error_rate(confusion, majority_map(confusion)),
        "kmeans_error_hungarian": error_rate(confusion, hungarian_map(confusion)),
    }


_ERROR = "k-means on the data with as many clusters"

METRIC = Metric(
    kmeans,
    Needs(labels=True, components=True, train_components=True),
    {
        "kmeans_error_majority": Value(
            f"{_ERROR}; {MAJORITY}",
            "",
            fraction=True,
            yardstick_of="clustering_error_majority",
        ),
        "kmeans_error_hungarian": Value(
            f"{_ERROR}; {HUNGARIAN}",
            "",
            fraction=True,
            yardstick_of="clustering_error_hungarian",
        ),
    },
    yardstick=True,
)

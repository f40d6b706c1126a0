"""Test images, sorted by the cluster that the model puts them into."""

from typing import Any

import numpy as np

from aae_jax.figures.cluster_matrix import used_clusters
from aae_jax.figures.figure import Figure, Plot, finite
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.confusion import cluster_confusion
from aae_jax.metrics.needs import Model, Needs

COLUMNS = 12


def test_by_cluster(model: Model, dataset: Any, seed: int) -> Figure:
    """One row of random test images for each cluster that has any; blank where it has no more."""
    probability = finite(model.predict(dataset.test.x()), "the cluster probabilities")
    cluster = probability.argmax(axis=1)
    order = np.random.default_rng(seed).permutation(len(cluster))
    clusters = probability.shape[1]
    sizes = np.bincount(cluster, minlength=clusters)
    used = _used(cluster, clusters, dataset)
    images = np.ones((len(used), COLUMNS, *dataset.example_shape[:2], 3), np.float32)
    for row, k in enumerate(used):
        members = order[cluster[order] == k][:COLUMNS]
        images[row, : len(members)] = to_rgb(dataset.test.x(members), dataset.test)
    empty = clusters - len(used)
    return Figure(
        grid(images, [f"cluster {k} ({sizes[k]:,})" for k in used]),
        "Test images by cluster: each row holds random test images, not selected, that the model "
        "puts into one cluster; in brackets, how many it puts there."
        + (f" Clusters without any are left out: {empty} of {clusters}." if empty else ""),
    )


def _used(cluster: np.ndarray, clusters: int, dataset: Any) -> np.ndarray:
    """Clusters that hold test images, in the order of `cluster_matrix` where there are labels."""
    if dataset.test.label is None:
        return np.unique(cluster)
    confusion = cluster_confusion(cluster, dataset.test.label, clusters, dataset.num_classes)
    return used_clusters(confusion)


test_by_cluster.__test__ = False  # a figure, not a test that pytest should collect


PLOT = Plot(test_by_cluster, Needs(("predict",), data="images"))

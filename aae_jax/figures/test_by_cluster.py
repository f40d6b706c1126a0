"""Test images, sorted by the cluster that the model puts them into."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, finite
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model

COLUMNS = 12


def test_by_cluster(model: Model, dataset: Any, seed: int) -> Figure:
    """One row of random test images for each cluster; blank where the cluster has no more."""
    probability = finite(model.predict(dataset.test.x()), "the cluster probabilities")
    cluster = probability.argmax(axis=1)
    order = np.random.default_rng(seed).permutation(len(cluster))
    clusters = probability.shape[1]
    images = np.ones((clusters, COLUMNS, *dataset.example_shape[:2], 3), np.float32)
    for k in range(clusters):
        members = order[cluster[order] == k][:COLUMNS]
        if len(members):
            x = dataset.test.x(members)
            images[k, : len(members)] = to_rgb(x, dataset.test)
    sizes = np.bincount(cluster, minlength=clusters)
    return Figure(
        grid(images, [f"cluster {k} ({size:,})" for k, size in enumerate(sizes)]),
        "Test images by cluster: each row holds random test images, not selected, that the model "
        "puts into one cluster; in brackets, how many it puts there.",
    )


test_by_cluster.__test__ = False  # a figure, not a test that pytest should collect

"""A map of the embeddings of the test set."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot, finite, legend, name_classes, new, scatter
from aae_jax.metrics.needs import Model, Needs

MAX_POINTS = 2_000


def embed(z: np.ndarray, seed: int) -> np.ndarray:
    """The places (N, 2) of points (N, d) in a t-SNE map."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = min(30.0, (len(z) - 1) / 3)
    start = "pca" if z.shape[1] > 1 else "random"
    # One thread: its short parallel loops become many times slower when other work has the cores.
    with threadpool_limits(1):
        return TSNE(perplexity=perplexity, init=start, random_state=seed).fit_transform(z)


def tsne(model: Model, dataset: Any, seed: int) -> Figure:
    """t-SNE of the posterior means z of test images, coloured by label."""
    index = dataset.test.some(MAX_POINTS, seed)
    label = dataset.test.label_at(index)
    z = finite(model.encode(dataset.test.x(index), label=label)["z"], "the codes")
    z = z.reshape(len(z), -1)
    xy = embed(z, seed)

    figure = new(7, 5.6)
    ax = figure.add_subplot()
    scatter(ax, xy, label, dataset.class_names)
    if label is not None:
        legend(figure, ax, "label")
        size = 9 if dataset.class_names else 13
        name_classes(ax, xy, label, size=size, names=dataset.class_names)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_aspect("equal")
    return Figure(
        figure,
        f"t-SNE of the codes of {len(z):,} test images"
        + (", coloured by their label, which t-SNE did not see" if label is not None else "")
        + ". Near points have similar codes; directions and distances between groups mean little.",
    )


PLOT = Plot(tsne, Needs(("encode",), least_test=2))

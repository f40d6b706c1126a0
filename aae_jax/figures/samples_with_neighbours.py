"""Samples of the model, and the training images that come closest to them."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot, finite
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS, COLUMNS = 8, 12
CHUNK = 4096  # training images compared at a time


def nearest(x: np.ndarray, split: Any) -> np.ndarray:
    """Indices into `split` of the images that are nearest to x [N, H, W, C].

    Euclidean distance between pixel values, all pixels in the same unit.
    """

    def flat(images: np.ndarray) -> np.ndarray:
        return split.to_unit(images).reshape(len(images), -1)

    query = flat(x)
    best, index = np.full(len(x), np.inf), np.zeros(len(x), int)
    for start in range(0, len(split), CHUNK):
        train = flat(split.x(slice(start, start + CHUNK)))
        # Less the query's own norm, which is the same for all candidates.
        distance = np.square(train).sum(axis=1)[None] - 2 * query @ train.T
        nearer = distance.min(axis=1) < best
        index[nearer] = start + distance.argmin(axis=1)[nearer]
        best[nearer] = distance.min(axis=1)[nearer]
    return index


def samples_with_neighbours(model: Model, dataset: Any, seed: int) -> Figure:
    """Unselected samples; the last column is the training image nearest to the sample beside it.

    Fig. 6 of "Adversarial Autoencoders", which shows by it that samples are not copies.
    """
    x = finite(model.sample(ROWS * COLUMNS, seed), "the samples")
    rows = x.reshape(ROWS, COLUMNS, *x.shape[1:])
    copies = dataset.train.x(nearest(rows[:, -1], dataset.train))
    return Figure(
        grid(
            to_rgb(np.concatenate([rows, copies[:, None]], axis=1), dataset.test),
            column_labels=[""] * COLUMNS + ["nearest"],
            wide_columns=(COLUMNS,),
        ),
        "Samples: images decoded from random draws of the prior, not selected. The last column "
        "holds the training image that is nearest to the sample on its left (Euclidean distance of "
        "pixels): samples that equal it would be copies.",
    )


PLOT = Plot(samples_with_neighbours, Needs(("prior", "decode"), data="images"))

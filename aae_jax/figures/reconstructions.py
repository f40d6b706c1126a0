"""Test images above their reconstructions."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

PAIRS, COLUMNS = 4, 12


def reconstructions(model: Model, dataset: Any, seed: int) -> Figure:
    """Pairs of rows: random test images, and what decoding their codes gives back."""
    columns = max(1, min(COLUMNS, len(dataset.test) // PAIRS))
    index = dataset.test.some(PAIRS * columns, seed)
    pairs = len(index) // columns
    x = dataset.test.x(index)
    both = np.stack([x, model.reconstruct(x, label=dataset.test.label_at(index))])
    both = to_rgb(both, dataset.test)
    rows = both.reshape(2, pairs, columns, *both.shape[2:]).swapaxes(0, 1)
    return Figure(
        grid(
            rows.reshape(2 * pairs, *rows.shape[2:]),
            row_labels=["original", "reconstruction"] * pairs,
            wide_rows=range(2, 2 * pairs, 2),
        ),
        "Reconstructions: random test images, and under each the image decoded from its code.",
    )


PLOT = Plot(reconstructions, Needs(("encode", "decode"), data="images"))

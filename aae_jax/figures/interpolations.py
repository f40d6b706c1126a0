"""Walks in code space between two test images."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS, STEPS = 8, 11


def interpolations(model: Model, dataset: Any, seed: int) -> Figure:
    """Rows from one test image to another, linear in the code, framed by the two originals."""
    index = np.random.default_rng(seed).permutation(dataset.test.some(2 * ROWS, seed))
    rows = len(index) // 2
    x_a, x_b = dataset.test.x(index[:rows]), dataset.test.x(index[rows : 2 * rows])
    path = model.interpolate(x_a, x_b, STEPS)
    images = to_rgb(np.concatenate([x_a[:, None], path, x_b[:, None]], axis=1), dataset.test)
    shares = [f"{share:.0%}" for share in np.linspace(0, 1, STEPS)]
    return Figure(
        grid(images, column_labels=["A", *shares, "B"], wide_columns=(1, STEPS + 1)),
        "Interpolations: A and B are test images; between them are the images decoded from codes "
        "on the straight line from the code of A (0%) to that of B (100%).",
    )


PLOT = Plot(
    interpolations,
    Needs(("encode", "decode"), data="images", unconditioned=True, least_test=2),
)

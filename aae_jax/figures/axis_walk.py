"""A walk along the axis of the prior."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS, COLUMNS = 10, 16


def axis_walk(model: Model, dataset: Any, seed: int) -> Figure:
    """Images decoded from evenly spaced points of the prior's axis, a row for each section.

    Fig. 4d of "Adversarial Autoencoders", there along the swiss roll. A prior without sections is
    cut into `ROWS` parts.
    """
    del seed
    rows = model.components or ROWS
    u = (np.arange(rows * COLUMNS, dtype=np.float32) + 0.5) / (rows * COLUMNS)
    x = to_rgb(model.decode(model.axis(u)), dataset.test)
    name = "section" if model.components else "part"
    return Figure(
        grid(
            x.reshape(rows, COLUMNS, *x.shape[1:]),
            row_labels=[f"{name} {k}" for k in range(rows)],
        ),
        "Walk along the axis of the prior: images decoded from evenly spaced points of it, from "
        f"one end (top left) row by row to the other (bottom right), a row for each {name}. "
        "Neighbours should change smoothly"
        + (", and each row should hold images of its own label." if model.components else "."),
    )


PLOT = Plot(axis_walk, Needs(("axis", "decode"), data="images"))

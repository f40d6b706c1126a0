"""Random samples of each mixture component."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

COLUMNS = 12


def samples_per_component(model: Model, dataset: Any, seed: int) -> Figure:
    """One row of unselected samples for each component of the prior."""
    rows = [
        to_rgb(model.sample(COLUMNS, seed + k, component=k), dataset.test)
        for k in range(model.components)
    ]
    return Figure(
        grid(np.stack(rows), [f"component {k}" for k in range(model.components)]),
        "Samples by component: each row holds random images, not selected, that are decoded from "
        "one component of the mixture prior.",
    )


PLOT = Plot(samples_per_component, Needs(("prior", "decode"), components=True, data="images"))

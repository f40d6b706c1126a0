"""One style in every component of the prior."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS, MAX_COLUMNS = 10, 20


def style_by_component(model: Model, dataset: Any, seed: int) -> Figure:
    """Samples in a column for each component, with the same noise along a row.

    Fig. 6 of "Implicit Autoencoders", which shows 20 of 30 components too.
    """
    columns = min(model.components, MAX_COLUMNS)
    # One seed for all: the noise of the draws does not depend on the component.
    x = np.stack([model.sample(ROWS, seed, component=k) for k in range(columns)], axis=1)
    first = "" if columns == model.components else f"first {columns} of the "
    return Figure(
        grid(to_rgb(x, dataset.test), column_labels=[str(k) for k in range(columns)]),
        f"Style by component: a column for each of the {first}{model.components} components of the "
        "prior, and in each row the same noise. A column should hold one kind of image, a row one "
        "style.",
    )


PLOT = Plot(style_by_component, Needs(("prior", "decode"), components=True, data="images"))

"""What the decoder adds to a code: several draws for each test image."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS, DRAWS = 10, 10


def stochastic_reconstructions(model: Model, dataset: Any, seed: int) -> Figure:
    """Rows of a test image and of what draws of its code decode to.

    Figs. 2 to 4 of "Implicit Autoencoders". Each column is a draw of the whole code: the global
    part from q(z | x), the local part, which the decoder fills in, from its prior.
    """
    index = dataset.test.some(ROWS, seed)
    x, label = dataset.test.x(index), dataset.test.label_at(index)
    columns = [x, *(model.reconstruct(x, seed=seed + s, label=label) for s in range(DRAWS))]
    return Figure(
        grid(
            to_rgb(np.stack(columns, axis=1), dataset.test),
            column_labels=["image", *(f"draw {s + 1}" for s in range(DRAWS))],
            wide_columns=(1,),
        ),
        "Stochastic reconstructions: on the left random test images, and beside each what "
        "different draws of its code decode to. A row keeps what the code says of the image; what "
        "changes along it is left to chance.",
    )


PLOT = Plot(stochastic_reconstructions, Needs(("encode", "posterior", "decode"), data="images"))

"""Random samples of the model."""

from typing import Any

from aae_jax.figures.figure import GREY, PALETTE, Figure, Plot, finite, new
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS, COLUMNS = 8, 12
MAX_POINTS = 2_000


def samples(model: Model, dataset: Any, seed: int) -> Figure:
    """A grid of unselected samples; for points of the plane, a scatter over the test points."""
    if len(dataset.example_shape) == 3:
        x = to_rgb(model.sample(ROWS * COLUMNS, seed), dataset.test)
        return Figure(
            grid(x.reshape(ROWS, COLUMNS, *x.shape[1:])),
            "Samples: images decoded from random draws of the prior, not selected.",
        )
    test = dataset.test.x(dataset.test.some(MAX_POINTS, seed))
    x = finite(model.sample(len(test), seed), "the samples")
    figure = new(6.5, 5)
    ax = figure.add_subplot()
    ax.scatter(*test.T, s=14, color=GREY, marker="x", linewidths=0.8, alpha=0.6, label="test data")
    ax.scatter(*x.T, s=8, color=PALETTE[2], linewidths=0, alpha=0.6, label="samples")
    ax.set_aspect("equal")
    ax.set_xlabel("$x_1$")
    ax.set_ylabel("$x_2$")
    figure.legend(loc="outside right upper", frameon=False, markerscale=2)
    return Figure(
        figure,
        f"Samples: {len(x):,} points decoded from random draws of the prior, over as many points "
        "of the test set.",
    )


PLOT = Plot(samples, Needs(("prior", "decode"), data="drawable"))

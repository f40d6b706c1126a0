"""The posteriors of a few data points: of the generator, and of the model."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot, finite, legend, new, scatter
from aae_jax.metrics.needs import Model, Needs
from aae_jax.metrics.posterior_draws import NO_POINT, true_draws, variational_draws

DRAWS = 4_000  # in each panel


def posteriors(model: Model, dataset: Any, seed: int) -> Figure:
    """Draws of the prior coloured by what they generate, beside draws of q(z|x) of each data point.

    Figs. 8 and 9 of "Implicit Autoencoders". The density of the points on the left is p(z), those
    of one colour are draws of the true posterior of one data point.
    """
    points = dataset.modes.means
    z, point = true_draws(model, points, DRAWS, seed)
    z = finite(z, "the draws from the prior")
    drawn = finite(
        variational_draws(model, points, DRAWS // len(points), seed + 1), "the posterior draws"
    )
    owner = np.repeat(np.arange(len(points)), drawn.shape[1])
    order = np.random.default_rng(seed).permutation(len(owner))
    figure = new(10, 4.9)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    made = point != NO_POINT
    look = {"color": "black", "marker": "x", "linewidths": 0.5}
    left.scatter(*z[~made].T, s=9, alpha=0.5, **look)
    scatter(left, z[made], point[made])
    scatter(right, drawn.reshape(-1, 2)[order], owner[order])
    if not made.all():  # the legend is that of the right side, which has all data points
        right.scatter([], [], s=30, label="none", **look)
    left.set_title("true posteriors of the generator", fontsize=11)
    right.set_title("variational posteriors q(z|x)", fontsize=11)
    for ax in (left, right):
        ax.set_xlabel("$z_1$")
        ax.set_aspect("equal", adjustable="box")
    left.set_ylabel("$z_2$")
    legend(figure, right, "data point")
    return Figure(
        figure,
        f"Posteriors: left {DRAWS:,} draws from the prior, coloured by the data point that they "
        f"decode to ({(~made).mean():.0%} come near none); right as many draws from the posteriors "
        "of the data points. The two sides should look alike, colour by colour.",
    )


PLOT = Plot(
    posteriors,
    Needs(("prior", "decode", "encode", "posterior"), modes="points", code_width=2),
)

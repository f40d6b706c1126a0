"""Reconstructed points of the plane beside the data."""

from typing import Any

from aae_jax.figures.figure import Figure, Plot, finite, legend
from aae_jax.figures.plane import MAX_POINTS, beside_test
from aae_jax.metrics.needs import Model, Needs


def reconstruction_scatter(model: Model, dataset: Any, seed: int) -> Figure:
    """Test points beside their reconstructions, both coloured by the points' labels.

    Fig. 3c of "AIM: Adversarial Inference by Matching Priors and Conditionals". The frame is that
    of the data.
    """
    index = dataset.test.some(MAX_POINTS, seed)
    test, label = dataset.test.x(index), dataset.test.label_at(index)
    x = finite(model.reconstruct(test, label=label), "the reconstructions")
    figure, axes, outside = beside_test(test, label, x, label, "reconstructions")
    legend(figure, axes[0], "label")
    return Figure(
        figure,
        f"Reconstructions: {len(test):,} test points, beside what their codes decode to{outside}"
        + (", coloured by label" if label is not None else "")
        + ". The right side should be the left one"
        + (", colours included." if label is not None else "."),
    )


PLOT = Plot(reconstruction_scatter, Needs(("encode", "decode"), data="plane"))

"""A two-dimensional code space: the codes of held-out data beside the prior."""

from typing import Any

from aae_jax.figures.figure import Figure, finite, legend, new, scatter, some
from aae_jax.metrics.needs import Model

MAX_POINTS = 5_000


def code_scatter(model: Model, dataset: Any, seed: int) -> Figure:
    """Codes of test images coloured by label, beside as many draws from the prior.

    Figs. 2a and 2b of "Adversarial Autoencoders". The codes are draws from q(z | x): their
    distribution is the one that is matched to the prior.
    """
    index = some(dataset.test, MAX_POINTS, seed)
    z = finite(model.encode(dataset.test.x(index), seed=seed)["z"], "the codes")
    prior = finite(model.prior(len(index), seed=seed + 1)["z"], "the draws from the prior")
    figure = new(10, 4.9)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    scatter(left, z, None if dataset.test.label is None else dataset.test.label[index])
    scatter(right, prior, None)
    left.set_title("codes of test images", fontsize=11)
    right.set_title("draws from the prior", fontsize=11)
    for ax in (left, right):
        ax.set_xlabel("$z_1$")
        ax.set_aspect("equal", adjustable="box")
    left.set_ylabel("$z_2$")
    legend(figure, left, "label")
    return Figure(
        figure,
        f"Code space: the codes of {len(z):,} test images"
        + (", coloured by label" if dataset.test.label is not None else "")
        + ", beside as many draws from the prior. The two clouds should have the same shape, "
        "without holes in the left one.",
    )

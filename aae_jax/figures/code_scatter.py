"""A two-dimensional code space: the codes of held-out data beside the prior."""

from typing import Any

from aae_jax.figures.figure import Figure, Plot, finite, legend, new, scatter
from aae_jax.metrics.needs import Model, Needs

MAX_POINTS = 5_000


def code_scatter(model: Model, dataset: Any, seed: int) -> Figure:
    """Codes of test images coloured by label, beside as many draws from the prior.

    Figs. 2a, 2b, 4a and 4c of "Adversarial Autoencoders". The codes are draws from q(z | x): their
    distribution is the one that is matched to the prior. Draws are coloured by component where the
    prior has one for each class, in the colours of the labels.
    """
    expected = "The two clouds should have the same shape, without holes in the left one."
    return beside_prior(model, dataset, seed, draw=True, what="codes of", expected=expected)


def beside_prior(
    model: Model, dataset: Any, seed: int, *, draw: bool, what: str, expected: str
) -> Figure:
    """Draws from q(z | x), or its means, of test data coloured by label, beside the prior's.

    Args:
        model: whose codes.
        dataset: its data.
        seed: of draws and of the choice of examples.
        draw: draws from q(z | x), else means.
        what: either of these, in words that precede "test examples".
        expected: the caption's sentence on how it should look.
    """
    index = dataset.test.some(MAX_POINTS, seed)
    label = dataset.test.label_at(index)
    code = model.encode(dataset.test.x(index), seed=seed if draw else None, label=label)
    z = finite(code["z"], "the codes")
    prior = finite(model.prior(len(z), seed=seed + 1)["z"], "the draws from the prior")
    by_class = (
        label is not None and model.has("component_of") and model.components == dataset.num_classes
    )
    component = model.component_of(prior) if by_class else None
    figure = new(10, 4.9)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    scatter(left, z, label, dataset.class_names)
    scatter(right, prior, component)
    left.set_title(f"{what} test examples", fontsize=11)
    right.set_title("draws from the prior", fontsize=11)
    for ax in (left, right):
        ax.set_xlabel("$z_1$")
        ax.set_aspect("equal", adjustable="box")
    left.set_ylabel("$z_2$")
    legend(figure, left, "label, component" if by_class else "label")
    return Figure(
        figure,
        f"Code space: the {what} {len(z):,} test examples"
        + (", coloured by label" if label is not None else "")
        + ", beside as many draws from the prior"
        + (", coloured by component" if by_class else "")
        + f". {expected}",
    )


PLOT = Plot(code_scatter, Needs(("encode", "prior"), code_width=2))

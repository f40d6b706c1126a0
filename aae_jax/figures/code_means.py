"""A two-dimensional code space: the mean codes of held-out data beside the prior."""

from typing import Any

from aae_jax.figures.code_scatter import beside_prior
from aae_jax.figures.figure import Figure, Plot
from aae_jax.metrics.needs import Model, Needs


def code_means(model: Model, dataset: Any, seed: int) -> Figure:
    """Means of q(z | x) of test images coloured by label, beside as many draws from the prior.

    Figs. 3b and 4a of "AIM: Adversarial Inference by Matching Priors and Conditionals", whose
    inferred code is the conditional mean. Means spread a little less than the prior.
    """
    return beside_prior(
        model,
        dataset,
        seed,
        draw=False,
        what="means of q(z | x) for",
        expected="Means spread a little less than the prior, and where the data fall into groups "
        "they may lie apart.",
    )


PLOT = Plot(code_means, Needs(("encode", "posterior", "prior"), code_width=2))

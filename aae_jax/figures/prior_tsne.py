"""A map of the prior's components beside the embeddings of the test set."""

import math
from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot, finite, legend, new, scatter
from aae_jax.figures.tsne import embed
from aae_jax.metrics.needs import Model, Needs

MAX_POINTS = 1_000  # on either side


def prior_tsne(model: Model, dataset: Any, seed: int) -> Figure:
    """One t-SNE of prior draws, coloured by component, and of test codes, coloured by label.

    Figs. 9 and 12 of "Learning Priors for Adversarial Autoencoders".
    """
    index = dataset.test.some(MAX_POINTS, seed)
    label = dataset.test.label_at(index)
    codes = finite(model.encode(dataset.test.x(index), label=label)["z"], "the codes")
    each = math.ceil(len(codes) / model.components)
    # A seed for each component, or all would share their noise.
    draws = [
        model.prior(each, 1000 * (seed + 1) + k, component=k)["z"] for k in range(model.components)
    ]
    drawn = finite(np.concatenate(draws), "the draws from the prior")
    both = np.concatenate([drawn, codes])
    xy = embed(both.reshape(len(both), -1), seed)
    component = np.repeat(np.arange(model.components), each)
    order = np.random.default_rng(seed).permutation(len(drawn))  # no component over another
    figure = new(10.5, 4.9)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    scatter(left, xy[: len(drawn)][order], component[order])
    scatter(right, xy[len(drawn) :], label)
    left.set_title("draws from the prior", fontsize=11)
    right.set_title("codes of test images", fontsize=11)
    for ax in (left, right):
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_aspect("equal")
    legend(figure, left, "component" if label is None else "component\nor label")
    by_label = "" if label is None else ", coloured by their label"
    apart = "" if label is None else ", and where no labels were given their colours need not agree"
    return Figure(
        figure,
        f"One t-SNE map of {len(drawn):,} draws from the prior, coloured by component (left), and "
        f"of the codes of {len(codes):,} test images{by_label} (right). Both sides should cover "
        f"the same places{apart}; distances between groups mean little.",
    )


PLOT = Plot(prior_tsne, Needs(("encode", "prior"), components=True))

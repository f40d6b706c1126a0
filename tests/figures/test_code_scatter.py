import dataclasses

import numpy as np
from matplotlib.colors import to_rgba

from aae_jax.figures.code_scatter import code_scatter
from aae_jax.figures.figure import GREY, PALETTE
from tests.fakes import FakeModel, digits


def colours(ax):
    """Colours [N, 3] of the points that an axes shows."""
    return np.concatenate(
        [c.get_facecolors()[:, :3] for c in ax.collections if len(c.get_offsets())]
    )


def test_prior_draws_wear_the_colour_of_their_component_where_it_stands_for_a_label():
    data = digits(test=100, held_out=0)
    model = FakeModel(data, width=2)
    figure = code_scatter(model, data, 0)
    right = figure.figure.axes[1]
    palette = np.array([to_rgba(colour)[:3] for colour in PALETTE])
    component = model.component_of(model.prior(100, seed=1)["z"])
    np.testing.assert_allclose(colours(right), palette[component])
    assert "coloured by component" in figure.caption


def test_the_legend_names_the_classes():
    data = dataclasses.replace(digits(test=100, held_out=0), class_names=tuple("abcdefghij"))
    (legend,) = code_scatter(FakeModel(data, width=2), data, 0).figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list("abcdefghij")


def test_prior_draws_are_grey_where_components_are_no_labels():
    data = digits(test=100, held_out=0)
    for form in ({"components": 7}, {"absent": ("component_of",)}):
        figure = code_scatter(FakeModel(data, width=2, **form), data, 0)
        right = figure.figure.axes[1]
        np.testing.assert_allclose(np.unique(colours(right), axis=0), [to_rgba(GREY)[:3]])
        assert "component" not in figure.caption

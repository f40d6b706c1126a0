"""The map of the prior's components: what is embedded, what is drawn where."""

import importlib
from unittest import mock

import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.figures import figure as figure_lib
from tests.fakes import FakeModel, digits, split, tiny

# The package's name for it is the function.
module = importlib.import_module("aae_jax.figures.prior_tsne")


def draw(data, model, seed=0):
    """The figure, and what was embedded; the map is the first two dimensions of the codes."""
    embedded = []

    def embed(z, seed):
        embedded.append(z)
        return z[:, :2]

    with mock.patch.object(module, "embed", embed):
        return module.prior_tsne(model, data, seed), embedded


def dots(ax):
    """Places and colours of an axis's dots, without those of the legend."""
    parts = [part for part in ax.collections if len(part.get_offsets())]
    return (
        np.concatenate([part.get_offsets() for part in parts]),
        np.concatenate([part.get_facecolors() for part in parts]),
    )


def test_draws_by_component_on_the_left_codes_by_label_on_the_right():
    data = digits(test=120, held_out=0)
    model = FakeModel(data, width=4)
    figure, ((both),) = draw(data, model)
    assert both.shape == (120 + 120, 4)
    np.testing.assert_allclose(both[120:], model.encode(data.test.x())["z"], rtol=1e-5)
    own = [model.prior(12, 1000 + k, component=k)["z"] for k in range(10)]
    np.testing.assert_array_equal(both[:120], np.concatenate(own))
    assert len(np.unique(both[:120, 0] - np.repeat(model._centre[:, 0], 12))) == 120

    left, right = figure.figure.axes
    assert left.get_shared_x_axes().joined(left, right)
    for ax, z, of in (
        (left, both[:120], np.repeat(np.arange(10), 12)),
        (right, both[120:], data.test.label),
    ):
        places, colours = dots(ax)
        shown = {tuple(place): tuple(colour) for place, colour in zip(places, colours, strict=True)}
        assert len(shown) == 120
        palette = {k: shown[tuple(z[of == k][0, :2])] for k in range(10)}
        assert len(set(palette.values())) == 10
        for point, k in zip(z, of, strict=True):
            assert shown[tuple(point[:2])] == palette[k]
    assert "120 draws" in figure.caption
    assert "codes of 120 test images, coloured by their label" in figure.caption


def test_components_without_labels():
    xy = np.random.default_rng(0).normal(size=(400, 2))
    data = tiny(split(xy[:200], np.arange(200) % 3), split(xy[200:]), 3)
    model = FakeModel(data, width=2, components=3)
    figure, ((both),) = draw(data, model)
    assert len(both) == 3 * 67 + 200
    _, right = figure.figure.axes
    _, colours = dots(right)
    grey = [int(figure_lib.GREY[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    np.testing.assert_allclose(colours[:, :3], np.tile(grey, (len(colours), 1)), rtol=1e-6)
    assert "label" not in figure.caption


def test_a_diverged_model_is_named_as_such():
    data = digits(test=40, held_out=0)
    model = FakeModel(data, width=2)
    model._centre = model._centre * np.nan
    with pytest.raises(UserError, match="the draws from the prior are not finite"):
        draw(data, model)

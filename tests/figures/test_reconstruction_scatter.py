import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.figures.reconstruction_scatter import reconstruction_scatter
from tests.fakes import FakeModel, points, ring
from tests.figures.test_code_scatter import colours
from tests.figures.test_sample_scatter import places


def test_reconstructions_lie_where_the_model_puts_them_in_their_points_colours():
    data = ring()
    model = FakeModel(data, width=2, components=7)
    model.reconstruct = lambda x, label: x + np.array([[0.25, 0.0]], np.float32)
    figure = reconstruction_scatter(model, data, 0)
    left, right = figure.figure.axes
    np.testing.assert_allclose(places(right), places(left) + np.array([0.25, 0.0]), rtol=1e-5)
    np.testing.assert_array_equal(colours(right), colours(left))
    assert "coloured by label" in figure.caption
    assert "outside" not in figure.caption


def test_far_reconstructions_are_counted():
    data = points()
    model = FakeModel(data, width=2, components=0)
    model.reconstruct = lambda x, label: np.where(np.arange(len(x))[:, None] < 2, 1e6, x)
    figure = reconstruction_scatter(model, data, 0)
    assert "(2 outside the frame)" in figure.caption
    assert "label" not in figure.caption


def test_a_diverged_model_is_named_as_such():
    data = points()
    model = FakeModel(data, width=2, components=0)
    model.reconstruct = lambda x, label: x * np.nan
    with pytest.raises(UserError, match="training has diverged"):
        reconstruction_scatter(model, data, 0)

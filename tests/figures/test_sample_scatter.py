from dataclasses import replace

import numpy as np
from matplotlib.colors import to_rgba

from aae_jax.figures.figure import GREY, PALETTE
from aae_jax.figures.sample_scatter import sample_scatter
from tests.fakes import FakeModel, ring
from tests.figures.test_code_scatter import colours


def places(ax):
    """Positions [N, 2] of the points that an axes shows."""
    return np.concatenate([c.get_offsets() for c in ax.collections if len(c.get_offsets())])


def test_samples_wear_the_colour_of_their_component():
    data = ring()
    figure = sample_scatter(FakeModel(data, width=2, components=7), data, 0)
    left, right = figure.figure.axes
    palette = np.array([to_rgba(colour)[:3] for colour in PALETTE])
    for ax in (left, right):
        # Component k of the model is mode k of the data.
        far = np.linalg.norm(places(ax)[:, None] - data.modes.means[None], axis=2)
        np.testing.assert_allclose(colours(ax), palette[far.argmin(axis=1)])
        assert np.bincount(far.argmin(axis=1)).tolist() == [100] * 7
    assert "700 test points, coloured by label" in figure.caption
    assert "coloured by component" in figure.caption
    assert "outside" not in figure.caption


def test_without_components_or_labels_all_is_grey():
    data = ring()
    data = replace(data, test=replace(data.test, label=None))
    figure = sample_scatter(FakeModel(data, width=2, components=0), data, 0)
    for ax in figure.figure.axes:
        np.testing.assert_allclose(np.unique(colours(ax), axis=0), [to_rgba(GREY)[:3]])
    assert "coloured" not in figure.caption
    assert not figure.figure.legends


def test_samples_far_away_leave_the_frame_to_the_data():
    data = ring()
    model = FakeModel(data, width=2, components=0)
    sample = model.sample
    model.sample = lambda n, seed: np.where(np.arange(n)[:, None] < 3, 1e6, sample(n, seed) / 10)
    figure = sample_scatter(model, data, 0)
    assert "700 samples (3 outside the frame)" in figure.caption
    for ax in figure.figure.axes:
        assert -5 < ax.get_xlim()[0] < -2 < 2 < ax.get_xlim()[1] < 5

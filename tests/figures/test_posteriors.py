import numpy as np
from matplotlib.colors import to_rgba

from aae_jax.figures.figure import PALETTE
from aae_jax.figures.posteriors import DRAWS, posteriors
from tests.fakes import four_points
from tests.figures.test_code_scatter import colours
from tests.figures.test_sample_scatter import places
from tests.metrics.sectors import Sectors


def expected(z):
    """The colour of the data point whose quadrant each code is in."""
    palette = np.array([to_rgba(colour)[:3] for colour in PALETTE])
    return palette[2 * (z[:, 0] > 0) + (z[:, 1] > 0)]


def test_both_sides_wear_the_colour_of_the_data_point():
    figure = posteriors(Sectors(), four_points(), 0)
    for ax in figure.figure.axes:
        z = places(ax)
        assert len(z) == DRAWS
        np.testing.assert_allclose(colours(ax), expected(z))
    assert "(0% come near none)" in figure.caption
    legend = [text.get_text() for text in figure.figure.legends[0].get_texts()]
    assert legend == ["0", "1", "2", "3"]


def test_what_is_near_no_data_point_is_black():
    figure = posteriors(Sectors(gap=0.5), four_points(), 0)
    left = figure.figure.axes[0]
    z = places(left)
    none = np.abs(z).min(axis=1) < 0.5
    black, *_ = (c for c in left.collections if len(c.get_offsets()))
    np.testing.assert_allclose(black.get_edgecolors()[:, :3], [[0, 0, 0]])
    assert len(black.get_offsets()) == none.sum()
    assert none[: none.sum()].all()
    np.testing.assert_allclose(colours(left)[1:], expected(z[~none]))
    assert f"({none.mean():.0%} come near none)" in figure.caption
    assert figure.figure.legends[0].get_texts()[-1].get_text() == "none"


def test_a_generator_that_makes_no_data_point_can_be_drawn(tmp_path):
    posteriors(Sectors(gap=10.0), four_points(), 0).save(tmp_path / "figure.png")

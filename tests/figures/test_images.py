import numpy as np
import pytest

from aae_jax.data import Split
from aae_jax.figures.images import grid, montage, to_rgb


def ranged(lo, hi):
    return Split("test", np.zeros((1, 1, 1, 1), np.uint8), None, (lo, hi))


def test_to_rgb_maps_the_value_range_to_colours():
    x = np.array([-1.0, 0.0, 1.0, 2.0]).reshape(4, 1, 1, 1)
    rgb = to_rgb(x, ranged(-1.0, 1.0))
    assert rgb.shape == (4, 1, 1, 3)
    np.testing.assert_allclose(rgb[:, 0, 0, 1], [0, 0.5, 1, 1])


@pytest.mark.parametrize(("channels", "expected"), [(3, [0.0, 0.5, 1.0]), (2, [0.25] * 3)])
def test_to_rgb_keeps_three_channels_and_averages_others(channels, expected):
    x = np.array([0.0, 0.5, 1.0])[:channels].reshape(1, 1, channels)
    np.testing.assert_allclose(to_rgb(x, ranged(0.0, 1.0))[0, 0], expected)


def test_to_rgb_inverts_a_range_for_each_pixel():
    lo, hi = np.array([[[-1.0], [2.0]]]), np.array([[[1.0], [6.0]]])
    x = np.array([[[[0.0], [3.0]]], [[[1.0], [9.0]]]])
    rgb = to_rgb(x, ranged(lo, hi))
    np.testing.assert_allclose(rgb[:, 0, :, 0], [[0.5, 0.25], [1, 1]])


def test_to_rgb_shows_nan_as_magenta():
    x = to_rgb(np.full((1, 1, 1), np.nan), ranged(0.0, 1.0))
    np.testing.assert_array_equal(x[0, 0], [1, 0, 1])


def test_long_names_of_columns_stand_upright_and_none_is_cut_off():
    rows = np.zeros((2, 3, 8, 8, 3), np.float32)
    for names, angle in ((["0", "1", "2"], 0), (["ant", "bee", "hippopotamus"], 90)):
        figure = grid(rows, column_labels=names)
        (ax,) = figure.axes
        labels = ax.get_xticklabels()
        assert [label.get_rotation() for label in labels] == [angle] * 3
        top = max(label.get_window_extent().y1 for label in labels)
        assert top <= figure.bbox.height


def test_montage_places_every_image():
    rows = np.zeros((2, 3, 4, 5, 3))
    rows += np.arange(6).reshape(2, 3, 1, 1, 1) / 10
    picture, top, left = montage(rows, wide_rows=(1,), wide_columns=(2,))
    # Gaps of 2 pixels, 6 more where set off.
    assert list(top) == [0, 12]
    assert list(left) == [0, 7, 20]
    assert picture.shape == (16, 25, 3)
    for i in range(2):
        for j in range(3):
            part = picture[top[i] : top[i] + 4, left[j] : left[j] + 5]
            np.testing.assert_allclose(part, (3 * i + j) / 10, atol=1e-6)
    assert (picture[4:12] == 1).all()
    assert (picture[:, 12:20] == 1).all()

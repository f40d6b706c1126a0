import numpy as np

from aae_jax.metrics.posterior_draws import NO_POINT, true_draws, variational_draws
from tests.metrics.sectors import Sectors

POINTS = np.eye(4, dtype=np.float32)


def test_a_row_holds_the_draws_of_its_point():
    """The model itself checks that labels are the numbers of the points."""
    z = variational_draws(Sectors(), POINTS, 50, seed=0)
    assert z.shape == (4, 50, 2)
    for k, row in enumerate(z):
        assert ((row > 0) == [[k // 2, k % 2]]).all()
    assert len(np.unique(z)) == z.size


def test_draws_belong_to_the_point_that_they_decode_to():
    z, point = true_draws(Sectors(), POINTS, 500, seed=0)
    np.testing.assert_array_equal(point, 2 * (z[:, 0] > 0) + (z[:, 1] > 0))


def test_what_is_near_no_point_belongs_to_none():
    z, point = true_draws(Sectors(gap=0.5), POINTS, 500, seed=0)
    np.testing.assert_array_equal(point == NO_POINT, np.abs(z).min(axis=1) < 0.5)
    model = Sectors()
    decode = model.decode
    # The points are sqrt(2) apart, so the radius is 0.354.
    model.decode = lambda code: decode(code) + 0.17
    assert (true_draws(model, POINTS, 500, seed=0)[1] >= 0).all()
    model.decode = lambda code: decode(code) + 0.18
    assert (true_draws(model, POINTS, 500, seed=0)[1] == NO_POINT).all()
    model.decode = lambda code: decode(code) * np.nan
    assert (true_draws(model, POINTS, 500, seed=0)[1] == NO_POINT).all()

import numpy as np

from aae_jax.figures.code_means import code_means
from aae_jax.figures.code_scatter import code_scatter
from tests.fakes import FakeModel, digits
from tests.figures.test_sample_scatter import places


def test_means_are_shown_where_code_scatter_shows_draws():
    data = digits(test=50, held_out=0)
    model = FakeModel(data, width=2)
    left, right = code_means(model, data, 0).figure.axes
    means = model.encode(data.test.x(np.arange(50)))["z"]
    np.testing.assert_allclose(np.sort(places(left), axis=0), np.sort(means, axis=0), rtol=1e-5)
    drawn, same = code_scatter(model, data, 0).figure.axes
    assert np.abs(np.sort(places(drawn), axis=0) - np.sort(means, axis=0)).max() > 0.01
    np.testing.assert_array_equal(places(right), places(same))

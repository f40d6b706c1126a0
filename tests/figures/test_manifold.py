import importlib
from unittest import mock

import numpy as np

from aae_jax.figures.manifold import percentile_grid
from tests.fakes import FakeModel, digits


def test_percentiles_of_both_axes():
    # z_1 is uniform on [0, 1], z_2 on [0, 10]: percentiles are proportional.
    z = np.stack([np.linspace(0, 1, 1001), np.linspace(10, 0, 1001)], axis=1)
    codes = percentile_grid(z, 4)
    assert codes.shape == (4, 4, 2)
    np.testing.assert_allclose(codes[0, :, 0], [0.125, 0.375, 0.625, 0.875], atol=1e-6)
    # The first row is the top one.
    np.testing.assert_allclose(codes[:, 0, 1], [8.75, 6.25, 3.75, 1.25], atol=1e-5)
    assert (codes[:, :, 0] == codes[:1, :, 0]).all()


def test_even_codes_reach_from_corner_to_corner():
    data = digits(test=20, held_out=0)
    model = FakeModel(data, width=2)
    with mock.patch.object(model, "decode", wraps=model.decode) as decode:
        module = importlib.import_module("aae_jax.figures.manifold_evenly")
        figure = module.manifold_evenly(model, data, 0)
    codes = decode.call_args.args[0]["z"].reshape(16, 16, 2)
    np.testing.assert_allclose(codes[0, 0], [-2, 2])
    np.testing.assert_allclose(codes[-1, -1], [2, -2])
    np.testing.assert_allclose(np.diff(codes[:, :, 0], axis=1), 4 / 15, rtol=1e-5)
    assert "16 x 16 grid of codes evenly spaced from -2 to 2" in figure.caption

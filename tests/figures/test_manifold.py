import numpy as np

from aae_jax.figures.manifold import percentile_grid


def test_percentiles_of_both_axes():
    # z_1 is uniform on [0, 1], z_2 on [0, 10]: percentiles are proportional.
    z = np.stack([np.linspace(0, 1, 1001), np.linspace(10, 0, 1001)], axis=1)
    codes = percentile_grid(z, 4)
    assert codes.shape == (4, 4, 2)
    np.testing.assert_allclose(codes[0, :, 0], [0.125, 0.375, 0.625, 0.875], atol=1e-6)
    # The first row is the top one.
    np.testing.assert_allclose(codes[:, 0, 1], [8.75, 6.25, 3.75, 1.25], atol=1e-5)
    assert (codes[:, :, 0] == codes[:1, :, 0]).all()

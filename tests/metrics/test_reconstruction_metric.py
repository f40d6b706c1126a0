import numpy as np
import pytest

from aae_jax.metrics.reconstruction import CHUNK, reconstruction
from tests.fakes import FakeModel, digits, split, tiny


class OffByOne:
    def reconstruct(self, x, seed=None):
        assert seed is None
        return x + np.float32([[1.0, 3.0]])


def test_hand_computed_across_chunks():
    test = np.tile(np.float32([[0.0, 2.0]]), (CHUNK + 7, 1))
    train = np.float32([[0.0, 0.0], [2.0, 0.0]])
    data = tiny(split(train), split(test), 0)
    result = reconstruction(OffByOne(), data, seed=0)
    assert result["reconstruction_mse"] == pytest.approx((1 + 9) / 2)
    # The training mean is (1, 0).
    assert result["reconstruction_mse_mean_image"] == pytest.approx((1 + 4) / 2)


def test_better_codes_reconstruct_better():
    data = digits(value_range=(-1.0, 1.0))
    narrow, wide = (reconstruction(FakeModel(data, width=w), data, 0) for w in (2, 16))
    assert wide["reconstruction_mse"] < narrow["reconstruction_mse"]
    assert narrow["reconstruction_mse"] < narrow["reconstruction_mse_mean_image"]

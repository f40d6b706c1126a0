import importlib

import numpy as np
import pytest

from aae_jax.metrics.reconstruction import CHUNK, reconstruction
from tests.fakes import FakeModel, digits, split, tiny


class OffByOne:
    def reconstruct(self, x, seed=None, label=None):
        assert seed is None
        assert label is None
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


def test_a_decoder_that_reads_labels_gets_those_of_its_images(monkeypatch):
    class AddsLabel:
        def reconstruct(self, x, seed=None, label=None):
            return x + label[:, None].astype(np.float32)

    # The package's attribute of this name is the function.
    module = importlib.import_module("aae_jax.metrics.reconstruction")
    monkeypatch.setattr(module, "CHUNK", 2)
    test = split(np.zeros((3, 4)), [1, 2, 4])
    result = reconstruction(AddsLabel(), tiny(test, test, 5), seed=0)
    assert result["reconstruction_mse"] == pytest.approx((1 + 4 + 16) / 3)

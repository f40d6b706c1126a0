import importlib
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import sqrtm

from aae_jax.metrics.fid import Moments, fid, frechet, moments
from tests.fakes import FakeExtractor, FakeModel, digits

MODULE = importlib.import_module("aae_jax.metrics.fid")


def gaussian(seed, width=12, rank=None):
    """Moments of a random Gaussian, whose covariance has a rank."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=(width, rank or width))
    return Moments(rng.normal(size=width), factor @ factor.T)


def test_moments_of_rows_in_blocks(monkeypatch):
    monkeypatch.setattr(MODULE, "_BLOCK", 7)
    # Far from 0, where a sum of squares would round what matters away.
    x = (np.random.default_rng(0).normal(size=(50, 4)) + 1e3).astype(np.float32)
    found = moments(x)
    np.testing.assert_allclose(found.mean, x.astype(np.float64).mean(axis=0))
    np.testing.assert_allclose(found.covariance, np.cov(x.astype(np.float64).T), rtol=1e-9)


def test_against_the_matrix_root_of_scipy():
    a, b = gaussian(0), gaussian(1)
    root = sqrtm(a.covariance @ b.covariance)
    expected = np.square(a.mean - b.mean).sum() + np.trace(
        a.covariance + b.covariance - 2 * root.real
    )
    assert frechet(a, b) == pytest.approx(expected, rel=1e-9)
    assert frechet(b, a) == pytest.approx(expected, rel=1e-9)


def test_of_independent_dimensions_by_hand():
    a = Moments(np.zeros(3), np.diag([1.0, 4.0, 9.0]))
    b = Moments(np.array([1.0, 0.0, -2.0]), np.diag([4.0, 4.0, 0.0]))
    assert frechet(a, b) == pytest.approx(5 + (1 - 2) ** 2 + 0 + 3**2)


def test_singular_covariances_and_equal_ones():
    """In a subspace, the distance is the one within it."""
    a, b = gaussian(0, width=5), gaussian(1, width=5)
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(40, 40)))[0][:, :5]
    wide_a, wide_b = (Moments(turn @ m.mean, turn @ m.covariance @ turn.T) for m in (a, b))
    assert frechet(wide_a, wide_b) == pytest.approx(frechet(a, b), rel=1e-9)
    for equal in (a, wide_a, gaussian(3, width=40, rank=2)):
        assert 0 <= frechet(equal, equal) < 1e-9 * np.trace(equal.covariance)
    nothing = Moments(np.zeros(5), np.zeros((5, 5)))
    assert frechet(nothing, nothing) == 0
    assert frechet(a, nothing) == pytest.approx(np.square(a.mean).sum() + np.trace(a.covariance))


@pytest.fixture
def data():
    data = digits(test=300, held_out=0)
    return replace(data, extractor=FakeExtractor(data, width=40))


def test_a_better_model_is_nearer_and_real_images_are_nearest(data):
    # One Gaussian a class, of the principal components: the more of them, the better.
    poor, good = (fid(FakeModel(data, width), data, seed=0) for width in (1, 20))
    assert poor["fid_floor"] == good["fid_floor"]
    assert 0 < good["fid_floor"] < good["fid"] < poor["fid"]


def test_a_diverged_model_has_no_distance(data):
    model = FakeModel(data)
    model._mean = model._mean * math.nan
    result = fid(model, data, seed=0)
    assert math.isnan(result["fid"])
    assert result["fid_floor"] > 0

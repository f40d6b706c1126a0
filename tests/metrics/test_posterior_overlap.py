import math

import numpy as np
import pytest

from aae_jax.metrics.posterior_overlap import overlaps, posterior_overlap
from tests.fakes import four_points
from tests.metrics.sectors import Sectors


def test_overlap_of_squares():
    rng = np.random.default_rng(0)
    squares = rng.uniform(size=(3, 100_000, 2))
    squares[1, :, 0] += 0.5
    squares[2] += 0.5
    overlap = overlaps(squares, squares)
    np.testing.assert_allclose(overlap.diagonal(), 1)
    np.testing.assert_allclose(overlap, overlap.T)
    np.testing.assert_allclose(overlap[0, 1:], [0.5, 0.25], atol=0.03)


def test_neither_units_nor_outliers_matter():
    z = np.random.default_rng(0).normal(size=(2, 5_000, 2))
    z[1] += 1
    far = z * np.array([[[1000.0, 1.0]]])
    far[0, 0] = 1e9
    np.testing.assert_allclose(overlaps(far, far), overlaps(z, z), atol=0.002)


def test_points_that_are_not_spread_at_all_are_told_apart():
    atoms = np.repeat(np.array([[[0.0, 0.0]], [[0.0, 1.0]], [[2.0, 0.0]]]), 100, axis=1)
    np.testing.assert_array_equal(overlaps(atoms, atoms), np.eye(3))


def test_separate_equal_and_diverged_posteriors():
    data = four_points()
    apart = posterior_overlap(Sectors(gap=0.5), data, seed=0)
    assert apart["posterior_overlap"] < 0.001
    touching = posterior_overlap(Sectors(posterior=np.pi / 4), data, seed=0)
    assert 0.01 < touching["posterior_overlap"] < 0.035
    model = Sectors()
    model.encode = lambda x, seed, label: model.prior(len(x), seed)
    equal = posterior_overlap(model, data, seed=0)
    assert equal["posterior_overlap_equal"] == pytest.approx(0.92, abs=0.01)
    assert equal["posterior_overlap"] == pytest.approx(equal["posterior_overlap_equal"], abs=0.01)
    model.encode = lambda x, seed, label: {"z": np.full((len(x), 2), np.nan)}
    assert all(map(math.isnan, posterior_overlap(model, data, seed=0).values()))

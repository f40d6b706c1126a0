import math
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics.pairwise import polynomial_kernel

from aae_jax.metrics.kid import SUBSETS, kid, over_subsets, squared_mmd
from tests.fakes import FakeExtractor, FakeModel, digits


def draws(seed, n, shift=0.0):
    return (np.random.default_rng(seed).normal(size=(n, 6)) + shift).astype(np.float32)


def test_against_the_kernel_of_scikit_learn_pair_by_pair():
    x, y = draws(0, 9), draws(1, 7, 0.5)
    within = [
        np.mean([k[i, j] for i in range(len(k)) for j in range(len(k)) if i != j])
        for k in (polynomial_kernel(a, degree=3, gamma=1 / 6, coef0=1) for a in (x, y))
    ]
    across = polynomial_kernel(x, y, degree=3, gamma=1 / 6, coef0=1).mean()
    assert squared_mmd(x, y) == pytest.approx(sum(within) - 2 * across, rel=1e-5)
    assert squared_mmd(x, y) == pytest.approx(squared_mmd(y, x), rel=1e-9)


def test_equal_distributions_are_at_zero_however_few_the_draws():
    values = [squared_mmd(draws(seed, 8), draws(1000 + seed, 8)) for seed in range(400)]
    error = np.std(values) / math.sqrt(len(values))
    assert abs(np.mean(values)) < 4 * error
    assert min(values) < 0
    apart = [squared_mmd(draws(seed, 8), draws(1000 + seed, 8, 0.5)) for seed in range(400)]
    assert np.mean(apart) > 10 * error


def test_subsets_are_drawn_apart_and_by_the_seed():
    x, y = draws(0, 50), draws(1, 50)
    values = over_subsets(x, y, seed=0)
    assert values.shape == (SUBSETS,)
    assert len(set(values)) > SUBSETS - 5
    np.testing.assert_array_equal(values, over_subsets(x, y, seed=0))
    # Subsets of unbiased estimates scatter around the estimate from all.
    assert abs(values.mean() - squared_mmd(x, y)) < 4 * values.std() / math.sqrt(SUBSETS)


@pytest.fixture
def data():
    data = digits(test=300, held_out=0)
    return replace(data, extractor=FakeExtractor(data))


def test_a_model_of_grey_images_is_farther_than_one_of_digits_or_than_real_images(data):
    poor, good = FakeModel(data, 20), FakeModel(data, 20)
    poor._mean = poor._mean * 0 + 0.5
    poor, good = (kid(model, data, seed=1) for model in (poor, good))
    assert poor["kid_floor"] == good["kid_floor"]
    assert poor["kid"] > 5 * max(abs(good["kid"]), abs(good["kid_floor"]))
    assert good["kid_std"] > 0


def test_a_diverged_model_has_no_distance(data):
    model = FakeModel(data)
    model._mean = model._mean * math.nan
    result = kid(model, data, seed=0)
    assert math.isnan(result["kid"])
    assert math.isnan(result["kid_std"])
    assert math.isfinite(result["kid_floor"])

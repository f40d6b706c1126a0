import dataclasses
import math

import numpy as np
import pytest

from aae_jax.metrics.code_match import code_match, energy_coefficient
from tests.fakes import FakeModel, digits


def test_hand_computed():
    a, b = np.array([[0.0], [2.0]]), np.array([[1.0]])
    # E|a - b| = 1, E|a - a'| = (0 + 2 + 2 + 0) / 4, E|b - b'| = 0.
    assert energy_coefficient(a, b) == pytest.approx((2 - 1) / 2)
    assert energy_coefficient(np.zeros((2, 1)), np.ones((3, 1))) == 1
    assert energy_coefficient(a, a[::-1]) == pytest.approx(0)
    assert energy_coefficient(np.ones((2, 1)), np.ones((2, 1))) == 0
    assert math.isnan(energy_coefficient(np.array([[np.nan]]), b))


def test_has_no_unit():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(50, 3)), rng.normal(size=(60, 3)) + 1
    assert energy_coefficient(a, b) == pytest.approx(energy_coefficient(5 * a, 5 * b))


@pytest.mark.parametrize("with_y", [False, True])
def test_codes_far_from_the_prior_score_above_the_floor(with_y):
    data = digits()
    model = FakeModel(data, with_y=with_y)
    near = code_match(model, data, seed=0)
    assert 0 < near["code_prior_energy_floor"] < 0.02
    assert near["code_prior_energy_floor"] < near["code_prior_energy"] < 0.05
    encode = model.encode
    model.encode = lambda x, seed, label: {k: v + 4 for k, v in encode(x, seed).items()}
    assert code_match(model, data, seed=0)["code_prior_energy"] > 0.3


def test_classes_of_unequal_size_are_no_mismatch_of_codes_that_hold_the_label():
    data = digits()
    model, train = FakeModel(data, conditioned=True), data.train
    index = np.flatnonzero((train.label < 2) | (np.arange(len(train)) % 8 == 0))
    few_of_most = dataclasses.replace(train, data=train.data[index], label=train.label[index])
    score = code_match(model, dataclasses.replace(data, test=few_of_most), seed=0)
    assert 0 < score["code_prior_energy"] < 2 * score["code_prior_energy_floor"]


def test_the_local_code_does_not_count():
    data = digits()
    with_n = code_match(FakeModel(data, local=20), data, seed=0)
    assert with_n == code_match(FakeModel(data), data, seed=0)


def test_codes_are_of_test_images():
    data = digits()
    model, seen = FakeModel(data), []
    encode = model.encode
    model.encode = lambda x, seed, label: seen.append(x) or encode(x, seed, label)
    code_match(model, data, seed=0)
    np.testing.assert_array_equal(np.concatenate(seen), data.test.x())


def test_codes_are_draws_and_not_means():
    data = digits()
    model, asked = FakeModel(data), []
    encode = model.encode
    model.encode = lambda x, seed=None, label=None: asked.append(seed) or encode(x, seed, label)
    code_match(model, data, seed=5)
    assert asked == [5] * len(asked) != []

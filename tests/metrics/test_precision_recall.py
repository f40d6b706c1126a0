import importlib
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from aae_jax.metrics.precision_recall import compare, precision_recall
from tests.fakes import FakeExtractor, FakeModel, digits

MODULE = importlib.import_module("aae_jax.metrics.precision_recall")


def cloud(seed, n, centre=(0.0, 0.0, 0.0), width=1.0):
    return (np.random.default_rng(seed).normal(size=(n, 3)) * width + [centre]).astype(np.float32)


def test_against_the_definitions_one_by_one(monkeypatch):
    monkeypatch.setattr(MODULE, "_BLOCK", 7)
    k, samples, real = 3, cloud(0, 23, (0.5, 0, 0)), cloud(1, 31)

    def radius(of, i):
        return sorted(cdist(of[i : i + 1], of)[0])[k]  # the first is its own

    distance = cdist(samples, real)
    in_real = np.array([[distance[i, j] <= radius(real, j) for j in range(31)] for i in range(23)])
    in_sample = np.array(
        [[distance[i, j] <= radius(samples, i) for j in range(31)] for i in range(23)]
    )
    assert compare(samples, real, k) == pytest.approx(
        {
            "precision": np.mean([row.any() for row in in_real]),
            "recall": np.mean([row.any() for row in in_sample.T]),
            "density": in_real.sum() / (k * 23),
            "coverage": np.mean([row.any() for row in in_real.T]),
        }
    )


def test_equal_and_disjoint_sets():
    real = cloud(0, 60)
    same = compare(real, real, 5)
    assert same["precision"] == same["recall"] == same["coverage"] == 1
    # Each is in its own ball, and as many others as balls have neighbours: 6 in 5.
    assert same["density"] == pytest.approx(6 / 5)
    for far in (cloud(1, 60, (1e3, 0, 0)), cloud(1, 60, (1e3, 0, 0), width=1e-3)):
        assert set(compare(far, real, 5).values()) == {0.0}


def test_a_forgotten_mode_costs_recall_and_coverage_alone():
    real = np.concatenate([cloud(0, 100), cloud(1, 100, (50, 0, 0))])
    result = compare(cloud(2, 200), real, 5)
    assert result["precision"] > 0.9
    assert result["density"] > 0.9
    assert result["recall"] < 0.52
    assert result["coverage"] < 0.52


def test_far_features_lose_nothing():
    samples, real = cloud(0, 80), cloud(1, 80)
    shift = np.float32(2048.0)  # which leaves the differences their digits, but not the squares
    coarse_samples, coarse_real = samples + shift, real + shift
    assert compare(coarse_samples, coarse_real, 5) == compare(
        coarse_samples - shift, coarse_real - shift, 5
    )


@pytest.fixture
def data():
    data = digits(test=300, held_out=0)
    return replace(data, extractor=FakeExtractor(data))


def test_samples_and_training_images_against_the_test_set(data):
    result = precision_recall(FakeModel(data, 20), data, seed=0)
    names = {f"sample_{name}" for name in ("precision", "recall", "density", "coverage")}
    assert set(result) == names | {f"{name}_train" for name in names}
    for name in names - {"sample_density"}:
        assert 0 <= result[name] <= 1
        assert 0.7 < result[f"{name}_train"] <= 1
    # Samples of one dimension a class are few in kind: they cover less of the test set.
    poor = precision_recall(FakeModel(data, 1), data, seed=0)
    assert poor["sample_recall"] < result["sample_recall"] < result["sample_recall_train"]
    assert poor["sample_recall_train"] == result["sample_recall_train"]


def test_a_diverged_model_has_none(data):
    model = FakeModel(data)
    model._mean = model._mean * math.nan
    result = precision_recall(model, data, seed=0)
    assert {name for name, value in result.items() if math.isnan(value)} == {
        "sample_precision",
        "sample_recall",
        "sample_density",
        "sample_coverage",
    }

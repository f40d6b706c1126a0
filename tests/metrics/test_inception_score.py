import importlib
import math
from dataclasses import replace

import numpy as np
import pytest

from aae_jax.metrics.inception_score import inception_score, score
from tests.fakes import split, tiny

MODULE = importlib.import_module("aae_jax.metrics.inception_score")


class Brightness:
    """Judges a 1x1 image: p(class 1) is its brightness."""

    def predict(self, x):
        bright = x[:, 0, 0, 0]
        return np.stack([1 - bright, bright], axis=1)


class Fixed:
    """Samples with brightness 0 and 1 in turn, in one call after the other."""

    def __init__(self, values=(0.0, 1.0)):
        self.values, self.seeds = values, []

    def sample(self, n, seed, component=None):
        self.seeds.append(seed)
        return np.resize(np.array(self.values, np.float32), n).reshape(n, 1, 1, 1)


@pytest.fixture
def dataset():
    pixels = np.array([0, 255, 0, 255], np.uint8).reshape(4, 1, 1, 1)
    return replace(tiny(split(pixels), split(pixels), 2), extractor=Brightness())


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(MODULE, "SAMPLES", 50)
    monkeypatch.setattr("aae_jax.metrics.features.CHUNK", 20)


def test_score_by_hand():
    p = np.array([[0.9, 0.1], [0.3, 0.7]])
    marginal = np.array([0.6, 0.4])
    kl = (p * np.log(p / marginal[None])).sum(axis=1)
    assert score(p) == pytest.approx(math.exp(kl.mean()))
    assert score(np.eye(7)) == pytest.approx(7)  # sure, and all classes alike
    assert score(np.full((5, 7), 1 / 7)) == pytest.approx(1)  # never sure
    assert score(np.eye(7)[[2, 2, 2]]) == pytest.approx(1)  # sure, but of one class only


def test_samples_in_parts(dataset):
    model = Fixed()
    result = inception_score(model, dataset, seed=3)
    # Parts of five: three of one class, two of the other.
    entropy = -(0.6 * math.log(0.6) + 0.4 * math.log(0.4))
    assert result["inception_score"] == pytest.approx(math.exp(entropy))
    assert result["inception_score_std"] == pytest.approx(0, abs=1e-9)
    assert result["inception_score_real"] == pytest.approx(2)
    assert len(set(model.seeds)) == 3  # 20, 20 and 10 samples, each call with draws of its own


def test_a_diverged_model_has_no_score(dataset):
    result = inception_score(Fixed((0.0, math.nan)), dataset, seed=0)
    assert math.isnan(result["inception_score"])
    assert result["inception_score_real"] == pytest.approx(2)


def test_the_score_of_real_images_is_that_of_test_images(dataset):
    one_class = split(np.zeros((4, 1, 1, 1), np.uint8))
    found = inception_score(Fixed(), replace(dataset, train=one_class), seed=0)
    assert found["inception_score_real"] == pytest.approx(2)

import importlib
import math
from dataclasses import replace

import numpy as np
import pytest

from aae_jax.metrics.label_agreement import DRAWS, label_agreement
from tests.fakes import FakeModel, digits, split, tiny


class Rounds:
    """Judges a 1x1 image by its brightness: class 0 below a half, 1 above; too bright is 2."""

    def predict(self, x):
        assert x.shape[1:] == (1, 1, 1)
        return np.eye(3)[np.digitize(x[:, 0, 0, 0], [0.5, 0.9])]


class Scripted:
    """Gives for each draw, in their order, what the script says of each image."""

    def __init__(self, script):
        self.script = iter(script)
        self.seeds, self.labels = [], []

    def reconstruct(self, x, seed, label):
        self.seeds.append(seed)
        self.labels.append(label)
        return np.array(next(self.script), np.float32)[:, None, None, None]


def judged(brightness, label):
    """A data set of 1x1 images with that judge."""
    pixels = np.array(brightness, np.uint8)[:, None, None, None]
    test = split(pixels, label)
    return replace(tiny(test, test, 3), scorer=Rounds())


def test_hand_computed():
    # The judge calls the originals 0, 1, 1; truly they are 0, 1, 0.
    dataset = judged([51, 153, 204], [0, 1, 0])
    script = [[0.2, 0.6, 0.4]] * (DRAWS - 1) + [[0.2, 0.95, 0.8]]
    model = Scripted(script)
    result = label_agreement(model, dataset, seed=0)
    assert DRAWS == 5
    # With the judge's word for the originals 5 + 4 + 1 of 15 agree, with the truth 5 + 4 + 4.
    assert result["label_agreement"] == pytest.approx(10 / 15)
    assert result["label_agreement_true"] == pytest.approx(13 / 15)
    assert result["label_agreement_classifier_error"] == pytest.approx(1 / 3)
    spread = np.std(np.array(script), axis=0, ddof=1).mean()
    assert result["reconstruction_diversity"] == pytest.approx(spread, rel=1e-5)
    assert len(set(model.seeds)) == DRAWS
    np.testing.assert_array_equal(model.labels, [[0, 1, 0]] * DRAWS)


def test_diversity_is_a_fraction_of_the_value_range():
    data = digits(test=40, held_out=0)
    wide = replace(
        data,
        **{
            name: replace(getattr(data, name), value_range=(-2.0, 2.0))
            for name in ("train", "test")
        },
    )
    results = []
    for one in (data, wide):
        model = FakeModel(one, width=4)
        model.reconstruct = lambda x, seed, label, test=one.test: (
            test.x(slice(None)) if seed % 2 else test.x(slice(None, None, -1))
        )
        results.append(label_agreement(model, replace(one, scorer=FakeModel(one)), seed=1))
    first, second = (result["reconstruction_diversity"] for result in results)
    assert first > 0.05
    assert first == pytest.approx(second, rel=1e-4)


def test_a_deterministic_decoder_has_no_diversity():
    data = digits(test=60, held_out=0)
    model = FakeModel(data)
    model.reconstruct = lambda x, seed, label: x
    result = label_agreement(model, replace(data, scorer=FakeModel(data)), seed=0)
    assert result["reconstruction_diversity"] == 0
    assert result["label_agreement"] == 1
    right = 1 - result["label_agreement_classifier_error"]
    assert result["label_agreement_true"] == pytest.approx(right)
    assert 0 < right < 1


def test_the_seed_decides_and_chunks_add_up(monkeypatch):
    data = digits(test=90, held_out=0)
    data = replace(data, scorer=FakeModel(data))
    model = FakeModel(data, width=4)
    whole = label_agreement(model, data, seed=3)
    assert whole["reconstruction_diversity"] > 0
    assert label_agreement(model, data, seed=3) == whole
    assert label_agreement(model, data, seed=4) != whole
    # The package's name for the module is that of the function.
    module = importlib.import_module("aae_jax.metrics.label_agreement")
    monkeypatch.setattr(module, "CHUNK", 32)
    model.reconstruct = lambda x, seed, label: x
    parts = label_agreement(model, data, seed=3)
    error = "label_agreement_classifier_error"
    assert parts[error] == pytest.approx(whole[error])
    assert parts["label_agreement"] == 1


def test_a_diverged_model_has_no_agreement():
    dataset = judged([51, 153], [0, 1])
    result = label_agreement(Scripted([[0.2, math.nan]] * DRAWS), dataset, seed=0)
    assert result.pop("label_agreement_classifier_error") == 0
    assert all(math.isnan(value) for value in result.values())
    assert len(result) == 3

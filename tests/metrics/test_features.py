from dataclasses import replace

import numpy as np
import pytest

from aae_jax.metrics import extractor, features
from tests.fakes import FakeExtractor, FakeModel, digits


@pytest.fixture
def data(monkeypatch):
    monkeypatch.setattr(features, "CHUNK", 30)
    data = digits(test=100, held_out=0)
    return replace(data, extractor=FakeExtractor(data))


def test_all_sets_are_as_large_as_the_smallest(data, monkeypatch):
    model = FakeModel(data)
    test, train = (features.features_of_images(data, part, seed=0) for part in ("test", "train"))
    samples = features.features_of_samples(model, data, seed=0)
    assert test.shape == train.shape == samples.shape == (100, 64)
    np.testing.assert_array_equal(test, data.test.x().reshape(100, 64))  # all, in their order
    monkeypatch.setattr(extractor, "IMAGES", 40)
    some = features.features_of_images(data, "test", seed=0)
    assert some.shape == (40, 64)
    where = [np.flatnonzero((test == row[None]).all(axis=1))[0] for row in some]
    assert sorted(set(where)) == where  # different ones
    assert features.features_of_samples(model, data, seed=0).shape == (40, 64)


def test_the_choice_of_images_is_the_seed_s(data):
    first, again, other = (features.features_of_images(data, "train", seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(np.unique(first, axis=0)) > 95


def test_what_several_metrics_ask_for_is_judged_once(data):
    model = FakeModel(data)
    for _ in range(3):
        features.features_of_samples(model, data, seed=0)
        features.features_of_images(data, "test", seed=0)
    assert data.extractor.seen == 200
    features.features_of_samples(FakeModel(data), data, seed=0)  # another model
    features.features_of_samples(model, data, seed=1)
    assert data.extractor.seen == 400
    other = replace(data, extractor=FakeExtractor(data, width=7))
    assert features.features_of_samples(model, other, seed=0).shape == (100, 7)


def test_nothing_is_kept_of_what_is_gone(data):
    before = len(features._KEPT)
    model = FakeModel(data)
    features.features_of_samples(model, data, seed=0)
    assert len(features._KEPT) == before + 1
    del model
    assert len(features._KEPT) == before


def test_samples_are_drawn_anew_in_each_chunk_and_a_bad_one_ends_it(data):
    model = FakeModel(data)
    samples = features.judge_samples(model, lambda x: x.reshape(len(x), -1), 70, seed=3)
    assert samples.shape == (70, 64)
    assert len(np.unique(samples, axis=0)) == 70
    model._mean = model._mean * np.nan
    assert features.judge_samples(model, lambda x: x, 70, seed=3) is None

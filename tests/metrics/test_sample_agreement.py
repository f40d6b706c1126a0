import math
from dataclasses import replace

import numpy as np
import pytest

from aae_jax.metrics.sample_agreement import SAMPLES, sample_agreement
from tests.fakes import split, tiny


class Scripted:
    """Three labels; of each, so many samples are 1x1 images as bright as the label says."""

    components = 3

    def __init__(self, right):
        self.right = right
        self.seeds = []

    def sample(self, n, seed, component=None):
        self.seeds.append(seed)
        right = np.arange(n) < self.right[component]
        return np.where(right, component, (component + 1) % 3)[:, None, None, None].astype(float)


class Rounds:
    def predict(self, x):
        assert x.shape[1:] == (1, 1, 1)
        return np.eye(3)[x[:, 0, 0, 0].astype(int)]


def judged():
    test = split(np.zeros((3, 1, 1, 1), np.uint8), [0, 1, 2])
    return replace(tiny(test, test, 3), scorer=Rounds())


def test_hand_computed():
    model = Scripted([SAMPLES, SAMPLES // 2, SAMPLES // 4])
    result = sample_agreement(model, judged(), seed=0)
    assert result == {
        "sample_agreement": pytest.approx((1 + 0.5 + 0.25) / 3),
        "sample_agreement_worst_class": 0.25,
    }
    # Else the noise of one label would be that of the next.
    assert len(set(model.seeds)) == 3


def test_a_diverged_model_has_no_agreement():
    model = Scripted([SAMPLES] * 3)
    whole = model.sample
    model.sample = lambda n, seed, component: (
        np.where(component == 1, math.nan, 1.0) * whole(n, seed, component)
    )
    result = sample_agreement(model, judged(), seed=0)
    assert result.keys() == {"sample_agreement", "sample_agreement_worst_class"}
    assert all(math.isnan(value) for value in result.values())

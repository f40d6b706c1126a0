import math

import numpy as np
import pytest

from aae_jax.metrics.component_modes import component_modes
from tests.fakes import FakeModel, four_points, ring


class Shares:
    """Component k makes the points in the given shares of a thousand."""

    def __init__(self, shares, points):
        self.shares, self.points, self.components = shares, points, len(shares)

    def sample(self, n, seed, component):
        assert n == 1000
        return self.points[np.repeat(np.arange(len(self.points)), self.shares[component])]


def test_counted_by_hand():
    data = four_points()
    shares = [(800, 200, 0, 0), (600, 0, 400, 0), (0, 100, 0, 900)]
    result = component_modes(Shares(shares, data.modes.means), data, seed=0)
    assert result == pytest.approx(
        {
            "component_purity": (0.8 + 0.6 + 0.9) / 3,
            "component_purity_pooled": 1400 / 3000,
            "component_modes": 2,
            "component_modes_possible": 3,
        }
    )


def test_a_component_for_each_mode_and_components_that_are_ignored():
    data = ring()
    model = FakeModel(data, width=2, components=7)
    result = component_modes(model, data, seed=0)
    assert result["component_purity"] > 0.99
    assert result["component_purity_pooled"] == pytest.approx(1 / 7, abs=0.005)
    assert result["component_modes"] == result["component_modes_possible"] == 7
    sample = model.sample
    model.sample = lambda n, seed, component: sample(n, seed)
    result = component_modes(model, data, seed=0)
    assert result["component_purity"] < 0.2
    assert result["component_purity"] == pytest.approx(result["component_purity_pooled"], abs=0.05)


def test_a_diverged_model_has_no_modes():
    data = ring()
    model = FakeModel(data, width=2, components=7)
    model._centre[3] = np.nan
    result = component_modes(model, data, seed=0)
    assert result.pop("component_modes_possible") == 7
    assert len(result) == 3
    assert all(map(math.isnan, result.values()))

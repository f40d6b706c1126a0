import math

import numpy as np
import pytest

from aae_jax.data.modes import Modes
from aae_jax.metrics.modes import modes
from aae_jax.metrics.nearest_mode import nearest_mode
from tests.fakes import FakeModel, ring, split, tiny


class Samples:
    """Gives these samples, over and over."""

    def __init__(self, x):
        self.x = np.asarray(x, np.float32)

    def sample(self, n, seed):
        return np.tile(self.x, (-(-n // len(self.x)), 1))[:n]


def line(test=((0.0, 0.0),)):
    """Three modes of standard deviation 1 on a line, 10 apart."""
    part = split(test)
    means = np.array([[0, 0], [10, 0], [20, 0]], np.float32)
    data = tiny(part, part, 0)
    return type(data)(**{**vars(data), "modes": Modes(means, 1.0)})


def test_nearest_mode_by_hand():
    x = np.array([[1.0, 0.0], [6.0, 3.0], [-3.0, 4.0]])
    index, distance = nearest_mode(x, np.array([[0.0, 0.0], [10.0, 0.0]]))
    assert index.tolist() == [0, 1, 0]
    np.testing.assert_allclose(distance, [1, 5, 5])
    _, distance = nearest_mode(np.array([[[np.nan], [0.0]], [[np.inf], [0.0]]]), np.zeros((2, 2)))
    assert not np.isfinite(distance).any()


def test_counted_by_hand():
    # Of five samples, two are of high quality in mode 0, one in mode 1 (2.9 away); two are not,
    # one of them nearest to mode 2.
    x = [[0, 0], [1, 1], [10, 2.9], [10, 3.1], [20, 100]]
    result = modes(Samples(x), line([[0, 0], [0, 4], [10, 0], [20, 0]]), seed=0)
    share = np.array([2, 2, 1]) / 5
    assert result == pytest.approx(
        {
            "modes_captured": 2,
            "modes_of_data": 3,
            "modes_high_quality": 0.6,
            "modes_high_quality_of_data": 0.75,
            "modes_reverse_kl": (share * np.log(3 * share)).sum(),
            "modes_reverse_kl_of_data": np.log(3) - 1.5 * np.log(2),
            "modes_any_sample": 3,
        }
    )


def test_a_collapsed_generator_has_one_mode_and_the_largest_divergence():
    result = modes(Samples([[10, 0]]), line(), seed=0)
    assert result["modes_captured"] == result["modes_any_sample"] == 1
    assert result["modes_high_quality"] == 1
    assert result["modes_reverse_kl"] == pytest.approx(np.log(3))


def test_only_the_count_of_any_sample_sees_those_after_the_first_2500():
    x = np.zeros((10_000, 2))
    x[2_500:] = [10, 0]
    result = modes(Samples(x), line(), seed=0)
    assert (result["modes_captured"], result["modes_any_sample"]) == (1, 2)


def test_the_true_mixture_scores_as_its_data():
    data = ring(2_500)
    result = modes(FakeModel(data, width=2, components=7), data, seed=0)
    assert result["modes_captured"] == result["modes_any_sample"] == 7
    # Of points of the plane, all but exp(-9 / 2) are within 3 standard deviations.
    for name in ("modes_high_quality", "modes_high_quality_of_data"):
        assert result[name] == pytest.approx(1 - np.exp(-4.5), abs=0.01)
    assert 0 < result["modes_reverse_kl"] < 0.01


def test_a_diverged_model_has_no_modes():
    result = modes(Samples([[0, 0], [np.nan, 0]]), line(), seed=0)
    of_data = {name for name in result if name.endswith("_of_data")}
    assert {name for name, value in result.items() if not math.isnan(value)} == of_data

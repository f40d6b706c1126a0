import math

import numpy as np
import pytest

from aae_jax.metrics.posterior_true_match import posterior_true_match
from tests.fakes import four_points
from tests.metrics.sectors import Sectors


def match(**form):
    result = posterior_true_match(Sectors(**form), four_points(), seed=0)
    return {name.removeprefix("posterior_true_"): value for name, value in result.items()}


def test_the_exact_posterior_scores_as_its_floor():
    exact = match()
    assert exact["energy"] < 0.003
    assert exact["energy"] == pytest.approx(exact["energy_floor"], abs=0.002)
    assert exact["share"] == 1
    assert exact["share_least"] == pytest.approx(0.25, abs=0.02)


def test_is_worse_the_further_the_posterior_is_turned_away():
    near, far, opposite = (match(posterior=angle)["energy"] for angle in (0.3, 0.8, np.pi))
    assert match()["energy"] + 0.01 < near < far < opposite
    # It is agreement that counts: turning both leaves nothing between them.
    assert match(posterior=0.8, generator=0.8)["energy"] < 0.003


def test_a_point_that_is_never_made_counts_as_disjoint():
    whole, half = match(), match(made=(0, 3))
    assert half["share"] == 1
    assert half["share_least"] == 0
    # Points 1 and 2 score 1, point 3 next to nothing, and point 0 owns three quadrants.
    assert 0.5 < half["energy"] < 0.75
    assert half["energy_floor"] == pytest.approx(whole["energy_floor"], abs=0.002)


def test_a_generator_far_from_the_data_has_no_posteriors():
    far = match(gap=10.0)
    assert far["energy"] == 1
    assert far["share"] == far["share_least"] == 0
    assert math.isnan(far["energy_floor"])


def test_a_diverged_model_matches_nothing():
    model = Sectors()
    model.encode = lambda x, seed, label: {"z": np.full((len(x), 2), np.nan)}
    assert all(map(math.isnan, posterior_true_match(model, four_points(), seed=0).values()))

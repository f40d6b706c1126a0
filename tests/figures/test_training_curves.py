import math

import numpy as np
import pytest

from aae_jax.figures.training_curves import panels, series, training_curves

ROWS = [
    {"step": 1, "time": 5.0, "kind": "train", "gan/encoder": [1.0, 3.0], "mse": 2.0},
    {"step": 2, "time": 6.0, "kind": "train", "gan/encoder": [None, 5.0], "mse": None},
    {"step": 2, "time": 7.0, "kind": "evaluate", "nmi": [0.5, 0.7], "kmeans_error_majority": 0.4},
]


def test_series_aligns_steps_and_trials():
    steps, values = series(ROWS, "gan/encoder")
    np.testing.assert_array_equal(steps, [1, 2])
    np.testing.assert_array_equal(values, [[1, 3], [math.nan, 5]])
    steps, values = series(ROWS, "nmi")
    np.testing.assert_array_equal(steps, [2])
    np.testing.assert_array_equal(values, [[0.5, 0.7]])


def test_panels_group_what_has_one_scale():
    names = [
        "step",
        "kind",
        "images_per_second",
        "gan/encoder",
        "gan/decoder",
        "vae/encoder",
        "mse",
        "clustering_error_majority",
        "bayes_clustering_error_majority",
        "bayes_agreement",
        "kmeans_error_majority",
    ]
    assert panels(names) == {
        "losses: gan": ["gan/encoder", "gan/decoder"],
        "losses: vae": ["vae/encoder"],
        "mse": ["mse"],
        "evaluation: errors": ["clustering_error_majority", "bayes_clustering_error_majority"],
        "bayes_agreement": ["bayes_agreement"],
    }


def test_curves_are_means_over_the_trials_that_are_finite():
    figure = training_curves(ROWS)
    assert "2 trials" in figure.caption
    lines = {ax.get_title(): ax.get_lines()[0].get_ydata() for ax in figure.figure.axes}
    assert {title: list(y) for title, y in lines.items()} == {
        "losses: gan": [2, 5],
        "mse": [2],
        "nmi": [pytest.approx(0.6)],
    }


def test_a_run_that_was_never_finite_and_an_empty_log(tmp_path):
    training_curves([{"step": 1, "mse": None}]).save(tmp_path / "curves.png")
    assert training_curves([]) is None
    assert training_curves([{"step": 1, "time": 2.0, "kind": "train"}]) is None

"""The table of a sweep: which results count, and what is written of them."""

import csv
import json

import numpy as np
import pytest

from aae_jax.evaluated import asked
from aae_jax.sweeps.grid import read_points
from aae_jax.sweeps.table import read_result, write_table
from tests import toy_game


@pytest.fixture
def points():
    return read_points("batch_size=4,8; seed=0,1", toy_game.config(steps=6))


def finish(point, workdir, values, step=6, **said):
    workdir.mkdir(parents=True)
    (workdir / "config.json").write_text(point.config.to_json())
    metrics = {name: {"trials": trials} for name, trials in values.items()}
    result = {"step": step, "trials": 1, "metrics": metrics, "time": "", **said}
    (workdir / "evaluation.json").write_text(json.dumps(result))


def test_only_a_finished_run_of_this_config_counts(tmp_path, points):
    finish(points[0], tmp_path / "done", {"mse": [0.5, None]})
    result = read_result(points[0], tmp_path / "done")
    assert result["mse"][0] == 0.5
    assert np.isnan(result["mse"][1])
    assert read_result(points[1], tmp_path / "done") is None
    assert read_result(points[0], tmp_path / "absent") is None
    finish(points[0], tmp_path / "half", {"mse": [0.5]}, step=3)
    assert read_result(points[0], tmp_path / "half") is None
    given = asked(points[0].config)
    finish(points[0], tmp_path / "interrupted", {"mse": [0.5]}, trained_steps=6, asked=given)
    assert read_result(points[0], tmp_path / "interrupted") is None
    finish(points[0], tmp_path / "drawn", {"mse": [0.5]}, trained_steps=6, asked=given, figures=[])
    assert read_result(points[0], tmp_path / "drawn") == {"mse": [0.5]}
    (tmp_path / "done" / "evaluation.json").write_text("{")
    assert read_result(points[0], tmp_path / "done") is None


def test_the_best_checkpoint_of_a_finished_run_counts(tmp_path, points):
    finish(points[0], tmp_path / "done", {"mse": [0.5]}, step=4, trained_steps=6)
    assert read_result(points[0], tmp_path / "done") == {"mse": [0.5]}
    finish(points[0], tmp_path / "half", {"mse": [0.5]}, step=2, trained_steps=4)
    assert read_result(points[0], tmp_path / "half") is None


def test_an_evaluation_of_something_else_does_not_count(tmp_path, points):
    """The run went on under another config, which it wrote down, and died before evaluating."""
    (point, *_) = points
    for i, (field, value) in enumerate(
        {"seed": 3, "checkpoint": "best", "metrics": [], "figures": ["samples"]}.items()
    ):
        given = {**asked(point.config), field: value}
        finish(point, tmp_path / str(i), {"mse": [0.5]}, asked=given, figures=[])
        more = field == "figures"  # than was asked for
        assert (read_result(point, tmp_path / str(i)) is not None) == more, field
    older = {**asked(point.config)}
    del older["inception"]  # of a version that did not know this field
    finish(point, tmp_path / "older", {"mse": [0.5]}, asked=older, figures=[])
    assert read_result(point, tmp_path / "older") is not None


def test_seeds_are_joined_for_readers_and_apart_for_programs(tmp_path, points):
    yardstick = {"reconstruction_mse_mean_image": [9.0]}  # of no row for readers
    numbers = (
        {"reconstruction_mse": [1.0], **yardstick},
        {"reconstruction_mse": [2.0]},
        {"reconstruction_mse": [4.0]},
        None,
    )
    results = {p.name: value for p, value in zip(points, numbers, strict=True)}
    states = {p.name: "done" for p in points} | {points[3].name: "error: no luck"}
    write_table(tmp_path, points, results, states)
    rows = (tmp_path / "sweep.md").read_text().splitlines()
    assert rows[0] == "| batch_size | runs done | trials | reconstruction_mse |"
    assert rows[2] == "| 4 | 2 of 2 | 2 | 1.500 ± 0.707 |"
    assert rows[3] == "| 8 | 1 of 2 | 1 | 4 |"
    assert "- batch_size=8,seed=1: error: no luck" in rows
    with (tmp_path / "sweep.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert [line["reconstruction_mse_mean"] for line in lines] == ["1.0", "2.0", "4.0", ""]
    assert [line["seed"] for line in lines] == ["0", "1", "0", "1"]
    assert [line["state"] for line in lines] == ["done", "done", "done", "error: no luck"]


def test_a_run_that_two_points_share_counts_once(tmp_path):
    """Trial 1 of seed 0 is the run of seed 1."""
    points = read_points("seed=0,1", toy_game.config(steps=6, trials=2))
    results = {
        points[0].name: {"reconstruction_mse": [1.0, 2.0]},
        points[1].name: {"reconstruction_mse": [2.0, 3.0]},
    }
    write_table(tmp_path, points, results, dict.fromkeys(results, "done"))
    rows = (tmp_path / "sweep.md").read_text().splitlines()
    assert rows[2] == "| 2 of 2 | 3 | 2.000 ± 1.000 |"


def test_nothing_yet(tmp_path, points):
    write_table(
        tmp_path, points, dict.fromkeys(p.name for p in points), {p.name: "not run" for p in points}
    )
    assert "| 4 | 0 of 2 | 0 |" in (tmp_path / "sweep.md").read_text()

"""Sweeps as text and as files: their points, and what is refused."""

import json

import pytest

from aae_jax.errors import UserError
from aae_jax.sweeps.grid import read_points
from tests import toy_game


@pytest.fixture
def config():
    return toy_game.config()


def test_all_combinations_in_order(config):
    points = read_points("game.learning_rate=1e-4,1e-3; seed=0,1", config)
    assert [point.name for point in points] == [
        "learning_rate=1e-4,seed=0",
        "learning_rate=1e-4,seed=1",
        "learning_rate=1e-3,seed=0",
        "learning_rate=1e-3,seed=1",
    ]
    assert points[2].fields == {"game.learning_rate": "1e-3", "seed": "0"}
    assert points[2].config.game.learning_rate == 0.001
    assert (config.seed, config.game.learning_rate) == (0, 0.02)  # left as it was


def test_values_of_every_type(config):
    text = "data.value_range=(0.0, 1.0),(-1.0, 1.0); ema_decay=0; data.cache=true; data.dir=a/b"
    points = read_points(text, config)
    assert [p.config.data.value_range for p in points] == [(0.0, 1.0), (-1.0, 1.0)]
    assert points[0].config.ema_decay == 0.0
    assert points[0].config.data.cache is True
    assert points[0].config.data.dir == "a/b"
    names = {point.name for point in points}
    assert len(names) == 2
    assert not any(set(name) & set("/ ()") for name in names)


def test_long_names_stay_apart(config):
    text = ";".join(f"data.dir={'x' * 300}{end}" for end in "a")
    (a,) = read_points(text, config)
    (b,) = read_points(text[:-1] + "b", config)
    assert a.name != b.name
    assert max(len(a.name), len(b.name)) < 200


@pytest.mark.parametrize(
    ("given", "names"),
    [
        # As short as tells the fields apart, and no longer where nothing else ends so.
        ([{"game.learning_rate": 2}, {"log.every": 2}], ["learning_rate=2", "every=2"]),
        ([{"log.every": 2}, {"checkpoint.every": 2}], ["log.every=2", "checkpoint.every=2"]),
        ({"seed": [1], "evaluation.seed": [2]}, ["seed=1,evaluation.seed=2"]),
        (
            {"log.every": [1], "evaluation.every": [2], "steps": [3]},
            ["log.every=1,evaluation.every=2,steps=3"],
        ),
    ],
)
def test_names_tell_fields_apart(tmp_path, config, given, names):
    file = tmp_path / "grid.json"
    file.write_text(json.dumps(given))
    assert [point.name for point in read_points(str(file), config)] == names


def test_a_value_that_looks_like_a_field_is_a_point_of_its_own(tmp_path, config):
    file = tmp_path / "grid.json"
    file.write_text(json.dumps([{"data.dir": "a,seed=1"}, {"data.dir": "a", "seed": 1}]))
    names = [point.name for point in read_points(str(file), config)]
    assert len(set(names)) == 2
    assert all(name.startswith("dir=a,seed=1-") for name in names)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("grid.json", json.dumps({"seed": [1, 2], "data.value_range": [[-1.0, 1.0]]})),
        ("grid.py", "def get_sweep():\n  return [{'seed': 1}, {'seed': 2, 'batch_size': 4}]\n"),
    ],
)
def test_files(tmp_path, config, name, text):
    (tmp_path / name).write_text(text)
    points = read_points(str(tmp_path / name), config)
    assert [point.config.seed for point in points] == [1, 2]
    if name == "grid.json":
        assert points[0].config.data.value_range == (-1.0, 1.0)
    else:
        assert [point.config.batch_size for point in points] == [8, 4]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("seed", "give fields and values"),
        ("seed=", "give fields and values"),
        (" ; ", "it has no points"),
        ("seed=0;seed=1", "seed comes twice"),
        ("seed=0,0", "the point seed=0 comes twice"),
        ("sed=0", "no field sed: did you mean seed"),
        ("game.learning_rte=1", "did you mean game.learning_rate"),
        ("game=1", "game cannot be 1: it must be of type ConfigDict"),
        ("steps=many", "steps cannot be 'many': it must be of type int"),
        ("steps=1.5", "steps cannot be 1.5"),
        ("batch_size=8,0", "batch_size is 0"),
        ("absent.json", "no sweep file absent.json"),
    ],
)
def test_bad_sweeps_are_one_line(config, text, says):
    with pytest.raises(UserError, match=says) as caught:
        read_points(text, config)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.json", "{", "cannot be used: JSONDecodeError"),
        ("a.json", "3", "give a dictionary"),
        ("a.json", '{"seed": 3}', "seed is 3: give a list"),
        ("a.json", "[]", "it has no points"),
        ("a.json", '[{"seed": 1}, {"seed": "1"}]', "the point seed=1 comes twice"),
        ("a.py", "x = 1", "has no function get_sweep"),
        ("a.py", "def get_sweep():\n  return 1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_bad_files_are_one_line(tmp_path, config, name, text, says):
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=says):
        read_points(str(tmp_path / name), config)

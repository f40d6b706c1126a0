import json
import os
import subprocess
import sys

import pytest

from aae_jax import workdir
from aae_jax.errors import UserError
from tests import toy_game
from tests.configs import test_config


@pytest.fixture
def config():
    return toy_game.config()


def claim(config, folder):
    with workdir.claim(config, folder):
        pass


def test_makes_the_folder_and_writes_the_config(tmp_path, config):
    claim(config, tmp_path / "a" / "b")
    written = json.loads((tmp_path / "a" / "b" / "config.json").read_text())
    assert written["method"] == "toy"
    assert written["data"]["value_range"] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("steps", 99),
        ("steps_per_call", 3),
        ("log.every", 7),
        ("checkpoint.every", 7),
        ("evaluation.metrics", ("clustering",)),
        ("data.dir", "elsewhere"),
        ("data.location", "host"),
    ],
)
def test_what_does_not_touch_a_step_may_change(tmp_path, config, field, value):
    claim(config, tmp_path)
    config.update_from_flattened_dict({field: value})
    claim(config, tmp_path)
    written = json.loads((tmp_path / "config.json").read_text())
    for part in field.split("."):
        written = written[part]
    assert written == (list(value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("seed", 1, r"seed \(0 there, 1 now\)"),
        ("batch_size", 4, r"batch_size \(8 there, 4 now\)"),
        ("game.learning_rate", 0.5, r"game.learning_rate \(0.02 there, 0.5 now\)"),
        ("data.name", "digits", r"data.name \('random' there, 'digits' now\)"),
        ("data.value_range", (-1.0, 1.0), r"data.value_range"),
    ],
)
def test_another_config_is_refused_and_nothing_written(tmp_path, config, field, value, line):
    claim(config, tmp_path)
    before = (tmp_path / "config.json").read_bytes()
    config.update_from_flattened_dict({field: value})
    with pytest.raises(UserError, match=line):
        claim(config, tmp_path)
    assert (tmp_path / "config.json").read_bytes() == before


def test_names_a_few_of_many_differences(tmp_path, config):
    claim(config, tmp_path)
    config.update({"seed": 1, "batch_size": 4, "ema_decay": 0.1, "trials": 2})
    with pytest.raises(UserError, match=r"batch_size .*, ema_decay .*, seed .* and 1 more"):
        claim(config, tmp_path)


def test_a_field_of_another_method_counts(tmp_path, config):
    claim(config, tmp_path)
    config.game.unlock()
    config.game.more = 3
    with pytest.raises(UserError, match=r"game.more \('absent' there, 3 now\)"):
        workdir.check_same(config, tmp_path)


def test_a_file_in_the_place_of_the_folder(tmp_path, config):
    file = tmp_path / "file"
    file.write_text("mine")
    for folder in (file, file / "below"):
        with pytest.raises(UserError, match="choose another --workdir"):
            claim(config, folder)
    assert file.read_text() == "mine"


def test_a_place_where_nothing_can_be_written_is_told_without_writing(
    tmp_path, config, monkeypatch
):
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    with pytest.raises(UserError, match=f"cannot write in {tmp_path}: choose another --workdir"):
        workdir.check_same(config, tmp_path / "a" / "b")


def test_an_unreadable_config(tmp_path, config):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(UserError, match="cannot read .*config.json"):
        claim(config, tmp_path)
    assert (tmp_path / "config.json").read_text() == "{"


def test_the_config_of_a_run_can_be_read_again(tmp_path, config):
    config.game.unlock()
    config.game.prior = {"rows": [(1, 2), (3, 4)], "name": "table"}
    claim(config, tmp_path)
    again = workdir.read_config(tmp_path)
    assert json.loads(again.to_json()) == json.loads(config.to_json())
    assert again.game.prior.rows == ((1, 2), (3, 4))  # lists cannot be hashed, tuples can
    claim(again, tmp_path)  # it is the config of that run


def test_a_field_that_came_later_has_its_default(tmp_path, config):
    claim(config, tmp_path)
    saved = json.loads((tmp_path / "config.json").read_text())
    del saved["players"], saved["data"]["split_seed"]
    (tmp_path / "config.json").write_text(json.dumps(saved))
    again = workdir.read_config(tmp_path)
    assert (again.players, again.data.split_seed) == ("", 0)
    workdir.check_same(config, tmp_path)  # the run goes on
    config.data.split_seed = 1
    with pytest.raises(UserError, match=r"data.split_seed \(0 there, 1 now\)"):
        workdir.check_same(config, tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "is no workdir of a run"), ("{", "cannot read .*config.json"), ("[1]", "cannot read")],
)
def test_a_config_that_cannot_be_read(tmp_path, text, message):
    if text is not None:
        (tmp_path / "config.json").write_text(text)
    with pytest.raises(UserError, match=message):
        workdir.read_config(tmp_path)


def test_one_training_process_at_a_time(tmp_path, config):
    child = """
import sys, tests.toy_game
from pathlib import Path
from aae_jax import workdir
with workdir.claim(tests.toy_game.config(), Path(sys.argv[1])):
    print("claimed", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", child, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    ) as process:
        assert process.stdout.readline() == b"claimed\n"
        with pytest.raises(UserError, match="another process is training in workdir"):
            claim(config, tmp_path)
        process.kill()
        process.wait()
    claim(config, tmp_path)  # the lock dies with its process


def test_json_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.json"
    workdir.write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        workdir.write_json(path, {"a": float("nan")})
    assert json.loads(path.read_text()) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_game_s_field_that_came_later_has_its_default(tmp_path):
    config = test_config("aae_mnist")
    claim(config, tmp_path)
    saved = json.loads((tmp_path / "config.json").read_text())
    del saved["game"]["input_noise"]
    (tmp_path / "config.json").write_text(json.dumps(saved))
    assert workdir.read_config(tmp_path).game.input_noise == 0.0
    workdir.check_same(config, tmp_path)
    config.game.input_noise = 0.1
    with pytest.raises(UserError, match=r"game.input_noise \(0.0 there, 0.1 now\)"):
        workdir.check_same(config, tmp_path)


@pytest.mark.parametrize(("field", "value"), [("game", [1]), ("method", ["aae"])])
def test_a_saved_config_with_another_kind_of_field_is_another_config(tmp_path, field, value):
    config = test_config("aae_mnist")
    claim(config, tmp_path)
    saved = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**saved, field: value}))
    with pytest.raises(UserError, match="holds a run of another config"):
        workdir.check_same(config, tmp_path)

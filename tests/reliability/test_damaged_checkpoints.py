"""Damaged checkpoints: 8 kinds of damage to the newest, 3 of them all, and a best without a score.

Training goes on from the checkpoint before, says so, keeps the damaged one aside and ends as if
nothing had happened. Where no checkpoint can be read it refuses with one line and changes nothing.
"""

import shutil

import numpy as np
import pytest

from aae_jax.checkpoint import Checkpoints
from aae_jax.errors import UserError
from aae_jax.inference import load_trials
from aae_jax.train import train
from tests.helpers import final_state, log, same_bits


def files(path):
    return [file for file in sorted(path.rglob("*")) if file.is_file()]


def truncate(path):
    for file in files(path):
        if file.name != "_CHECKPOINT_METADATA":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(path):
    for file in files(path / "state"):
        file.write_bytes(b"")


def flip(path):
    for file in files(path / "state"):
        content = bytearray(file.read_bytes())
        for place in range(0, len(content), 7):
            content[place] ^= 0x55
        file.write_bytes(content)


def noise(path):
    generator = np.random.default_rng(0)
    for file in files(path / "state"):
        file.write_bytes(generator.bytes(file.stat().st_size))


DAMAGES = {
    "truncated": truncate,
    "emptied": empty,
    "bits flipped": flip,
    "noise": noise,
    "no state": lambda path: shutil.rmtree(path / "state"),
    "no info": lambda path: shutil.rmtree(path / "info"),
    "info damaged": lambda path: (path / "info" / "metadata").write_text("{"),
    "no metadata": lambda path: (path / "state" / "_METADATA").unlink(),
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run of four steps, and one of six."""
    from tests import toy_game

    with pytest.MonkeyPatch.context() as patch:
        from aae_jax.methods import METHODS

        patch.setitem(METHODS, "toy", None)
        toy_game.register()
        folders = [tmp_path_factory.mktemp("run") for _ in range(2)]
        for folder, steps in zip(folders, (4, 6), strict=True):
            train(toy_game.config(steps=steps), folder)
    return folders


@pytest.fixture
def run(finished, tmp_path):
    """A copy of the shorter run."""
    shutil.copytree(finished[0], tmp_path / "run")
    return tmp_path / "run"


@pytest.mark.parametrize("kind", DAMAGES)
def test_goes_on_from_the_one_before(finished, run, toy, kind, caplog):
    latest = run / "checkpoints" / "latest"
    assert sorted(path.name for path in latest.iterdir()) == ["3", "4"]
    DAMAGES[kind](latest / "4")
    before = {file: file.read_bytes() for file in files(latest / "4")}
    with pytest.raises(UserError, match="training goes on from an older one"):
        load_trials(toy.config(steps=4), run)  # an evaluation does not take another step silently
    train(toy.config(steps=6), run)
    assert "going on from the checkpoint before, of step 3" in caplog.text
    assert same_bits(final_state(run), final_state(finished[1]))
    assert log(run) == log(finished[1])
    aside = run / "checkpoints" / "damaged" / "4"
    assert {latest / "4" / file.relative_to(aside): file.read_bytes() for file in files(aside)} == (
        before
    )


@pytest.mark.parametrize("kind", ["truncated", "noise", "no state"])
def test_refuses_where_none_is_whole(run, toy, kind):
    for path in (run / "checkpoints" / "latest").iterdir():
        DAMAGES[kind](path)
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}
    with pytest.raises(UserError, match="cannot restore checkpoint .*latest/4") as caught:
        train(toy.config(steps=6), run)
    assert "\n" not in str(caught.value)
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*")} == before


def test_a_second_damage_in_one_place_is_kept_beside_the_first(finished, run, toy):
    for kind in ("no state", "noise"):
        DAMAGES[kind](run / "checkpoints" / "latest" / "4")
        train(toy.config(steps=4), run)
    assert {path.name for path in (run / "checkpoints" / "damaged").iterdir()} == {"4", "4-2"}
    assert Checkpoints(run, read_only=True).latest_step() == 4
    assert same_bits(final_state(run), final_state(finished[0]))


def test_a_best_without_its_score_is_kept_aside(tmp_path, toy):
    config = toy.config(steps=2)
    config.evaluation.every = 2
    config.evaluation.checkpoint = "best"
    config.checkpoint.best_metric = "reconstruction_mse"
    train(config, tmp_path)
    (tmp_path / "checkpoints/best/2/metrics/metrics").write_text("")
    config.steps = 4
    with pytest.raises(UserError, match=r"best/2 .* set evaluation\.checkpoint=latest"):
        load_trials(config, tmp_path)
    train(config, tmp_path)
    assert Checkpoints(tmp_path, read_only=True).best_step() == 4
    assert [path.name for path in (tmp_path / "checkpoints/damaged").iterdir()] == ["best-2"]

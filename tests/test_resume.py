"""Runs that are killed, stopped or cut in two end as if nothing had happened, to the last bit."""

import os
import signal
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from aae_jax.checkpoint import Checkpoints
from aae_jax.inference import load_trials
from aae_jax.plan import plan
from aae_jax.train import train
from tests.helpers import final_state, largest_difference, log, same_bits
from tests.scripts.orders import serving

STEPS = 6


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs the toy game in a process of its own, see tests/scripts/run_toy.py."""
    with serving("run_toys", tmp_path_factory.getbasetemp()) as carry_out:

        def run(workdir, **order):
            return carry_out({"workdir": str(workdir), "config": {"steps": STEPS}, **order})

        yield run


def run_to_the_end(run, workdir):
    ended = run(workdir)
    assert ended["status"] == 0, ended["err"][-2000:]


@pytest.fixture(scope="module")
def undisturbed(run, tmp_path_factory):
    """Final state and log of a run in one go."""
    workdir = tmp_path_factory.mktemp("undisturbed")
    run_to_the_end(run, workdir)
    return final_state(workdir), log(workdir)


@pytest.mark.parametrize(
    "disturbance",
    [
        pytest.param({"kill_step": 1}, id="before any checkpoint"),
        pytest.param({"kill_step": 5}, id="between two steps"),
        pytest.param({"kill_write": 1}, id="in the first write"),
        pytest.param({"kill_write": 7}, id="in a later write"),
        pytest.param({"kill_evaluation": 4}, id="in an evaluation"),
    ],
)
def test_killed_at_any_moment_and_run_again(tmp_path, run, undisturbed, disturbance):
    assert run(tmp_path, **disturbance)["status"] == -signal.SIGKILL
    if "kill_write" in disturbance:
        assert [p for p in tmp_path.rglob("*") if "checkpoint-tmp" in p.name]
    run_to_the_end(run, tmp_path)
    state, lines = undisturbed
    assert same_bits(final_state(tmp_path), state)
    assert log(tmp_path) == lines
    leftovers = [p for p in tmp_path.rglob("*") if "tmp" in p.name or "partial" in p.name]
    assert leftovers == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_saves_and_stops(tmp_path, run, undisturbed, name):
    stopped = run(
        tmp_path,
        signal_step=3,
        signal=name,
        config={"steps": STEPS, "checkpoint": {"every": 0}},
    )
    assert stopped["status"] == 128 + getattr(signal, name)
    assert "at step 3 of 6; saved in" in stopped["out"]
    assert "Traceback" not in stopped["err"]
    assert Checkpoints(tmp_path, read_only=True).latest_step() == 3
    run_to_the_end(run, tmp_path)
    state, lines = undisturbed
    assert same_bits(final_state(tmp_path), state)
    assert log(tmp_path) == lines


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_second_signal_kills_at_once(tmp_path, run, name):
    stopped = run(tmp_path, signal_step=3, signal=name, twice=True)
    assert stopped["status"] == -getattr(signal, name)


def test_a_cut_run_equals_an_uncut_one(tmp_path, toy, undisturbed):
    """N steps, then a larger `steps` in the same workdir."""
    train(toy.config(steps=4), tmp_path)
    train(toy.config(steps=STEPS), tmp_path)
    state, lines = undisturbed
    assert same_bits(final_state(tmp_path), state)
    assert log(tmp_path) == lines


def test_several_trials_resume_too(tmp_path, toy):
    train(toy.config(trials=2, steps=3), tmp_path / "whole")
    train(toy.config(trials=2, steps=1), tmp_path / "cut")
    train(toy.config(trials=2, steps=3), tmp_path / "cut")
    assert same_bits(
        final_state(tmp_path / "cut", trials=2), final_state(tmp_path / "whole", trials=2)
    )
    first, second = load_trials(toy.config(trials=2, steps=3), tmp_path / "cut")
    assert first.step == second.step == 3


def test_the_host_road_resumes_as_the_device_road(tmp_path, toy, undisturbed):
    config = toy.config(steps=4)
    config.data.location = "host"
    train(config, tmp_path)
    train(toy.config(steps=STEPS), tmp_path)
    np.testing.assert_equal(final_state(tmp_path).step, STEPS)
    # The same batches by another program: equal to rounding.
    assert largest_difference(final_state(tmp_path), undisturbed[0]) < 2e-5


def test_seconds_add_up(tmp_path, toy):
    def seconds():
        return Checkpoints(tmp_path, read_only=True).info("latest")["seconds"]

    train(toy.config(steps=1), tmp_path)
    before = seconds()
    assert before > 0
    config = toy.config(steps=2)
    run = plan(config, tmp_path)
    assert run.seconds == before
    with mock.patch("aae_jax.train.plan", return_value=replace(run, seconds=1000.0)):
        train(config, tmp_path)
    assert seconds() > 1000


def test_a_run_that_is_complete_is_left_alone(tmp_path, toy):
    config = toy.config(steps=2)
    train(config, tmp_path)

    def times():
        return {p: os.stat(p).st_mtime_ns for p in tmp_path.rglob("*") if "checkpoints" in str(p)}

    before, lines = times(), (tmp_path / "metrics.jsonl").read_bytes()
    state = train(config, tmp_path)
    assert int(state.step) == 2
    assert times() == before
    assert (tmp_path / "metrics.jsonl").read_bytes() == lines

import json
import logging
import math
import re
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import data, parallel
from aae_jax.checkpoint import Checkpoints
from aae_jax.errors import TrainingDiverged, UserError
from aae_jax.evaluate import evaluate
from aae_jax.evaluated import is_current
from aae_jax.inference import load_trials
from aae_jax.interrupt import Interrupt
from aae_jax.layout import Layout
from aae_jax.methods import METHODS, Method
from aae_jax.state import make_init
from aae_jax.step import make_train_step
from aae_jax.train import train
from tests.configs import test_config
from tests.helpers import final_state, largest_difference, log, same_bits, trains


@pytest.fixture
def spied_step(monkeypatch):
    """Calls `spy(state, metrics)` after every step of `train`."""

    def install(spy):
        original = Layout.parallelize

        def parallelize(*args):
            step_fn = original(*args)

            def spied(*arguments):
                result = step_fn(*arguments)
                return spy(*result) or result

            return spied if trains(args[1]) else step_fn

        monkeypatch.setattr(Layout, "parallelize", parallelize)

    return install


def test_logs_every_step_once_and_evaluations_when_due(tmp_path, toy):
    train(toy.config(steps=5), tmp_path)
    assert [(line["step"], line["kind"]) for line in log(tmp_path)] == [
        (1, "train"),
        (2, "train"),
        (2, "evaluate"),
        (3, "train"),
        (4, "train"),
        (4, "evaluate"),
        (5, "train"),
    ]
    assert set(log(tmp_path)[0]) == {
        "step",
        "kind",
        "reconstruction/coder",
        "mse",
        "contest/coder",
        "contest/critic",
    }
    assert json.loads((tmp_path / "config.json").read_text())["steps"] == 5


def test_a_line_is_written_once_its_step_is_done(tmp_path, toy, spied_step):
    written = []

    def spy(state, metrics):
        written.append([line["step"] for line in log(tmp_path)])

    spied_step(spy)
    config = toy.config(steps=30, steps_per_call=1)
    config.log.every = 10
    config.checkpoint.every = config.evaluation.every = 0
    train(config, tmp_path)
    # The loop is two calls ahead of what it knows to be done.
    made = {
        step: next(i for i, steps in enumerate(written, 1) if step in steps) for step in (10, 20)
    }
    assert made == {10: 13, 20: 23}


def test_slow_steps_are_reported_between_lines_of_the_log(tmp_path, toy, monkeypatch, caplog):
    monkeypatch.setattr("aae_jax.progress.PATIENCE", 0.0)
    config = toy.config(steps=5, steps_per_call=1)
    config.log.every = 5
    config.checkpoint.every = config.evaluation.every = 0
    with caplog.at_level(logging.INFO, "absl"):
        train(config, tmp_path)
    lines = [line for line in caplog.messages if line.startswith("step ")]
    assert [line.split("/")[0] for line in lines] == [f"step {step}" for step in range(1, 6)]
    assert all(line.endswith("left") for line in lines[1:4])
    assert [line["step"] for line in log(tmp_path) if line["kind"] == "train"] == [5]


def test_trial_i_is_the_run_of_seed_plus_i(tmp_path, toy):
    config = toy.config(trials=3, seed=5, steps=3)
    train(config, tmp_path / "trials")
    trials = final_state(tmp_path / "trials", trials=3)
    assert np.array_equal(trials.step, [3, 3, 3])
    for trial in range(3):
        alone = toy.config(seed=5 + trial, steps=3)
        train(alone, tmp_path / str(trial))
        one = jax.tree.map(lambda a, i=trial: a[i], trials)
        assert largest_difference(one, final_state(tmp_path / str(trial))) < 2e-5
    assert largest_difference(*(jax.tree.map(lambda a, i=i: a[i], trials) for i in (0, 1))) > 0.01
    values = log(tmp_path / "trials")[0]
    assert len(values["mse"]) == 3
    for trial in range(3):
        assert values["mse"][trial] == pytest.approx(log(tmp_path / str(trial))[0]["mse"], rel=1e-4)


def test_evaluation_gives_a_value_for_each_trial(tmp_path, toy):
    config = toy.config(trials=2, steps=2)
    train(config, tmp_path)
    result = evaluate(config, tmp_path)
    mse = result["metrics"]["reconstruction_mse"]
    assert len(mse["trials"]) == 2
    assert mse["mean"] == pytest.approx(np.mean(mse["trials"]))
    periodic = next(line for line in log(tmp_path) if line["kind"] == "evaluate")
    assert periodic["reconstruction_mse"] == pytest.approx(mse["trials"])
    assert (tmp_path / "report.html").exists()
    assert (tmp_path / "figures" / "samples.png").exists()


@pytest.mark.parametrize("trials", [1, 2])
def test_a_run_that_diverges_stops_and_keeps_the_last_good_checkpoint(tmp_path, toy, trials):
    config = toy.config(steps=8, trials=trials)
    train(toy.config(steps=2, trials=trials), tmp_path)

    def nan_from_step_5(state, metrics):
        if np.max(state.step) == 5:
            return state.replace(params=jax.tree.map(lambda a: a * jnp.nan, state.params)), metrics

    with pytest.MonkeyPatch.context() as patch:
        original = Layout.parallelize

        def parallelize(*args):
            step_fn = original(*args)

            def poisoned(state, *rest):
                state, metrics = step_fn(state, *rest)
                return nan_from_step_5(state, metrics) or (state, metrics)

            return poisoned if trains(args[1]) else step_fn

        patch.setattr(Layout, "parallelize", parallelize)
        with pytest.raises(TrainingDiverged) as caught:
            train(config, tmp_path)
    message = str(caught.value)
    assert "at step 5" in message
    assert ("in trial 0" in message) == (trials == 2)
    assert str(tmp_path / "checkpoints" / "latest" / "4") in message
    state = final_state(tmp_path, trials=trials)
    assert np.max(state.step) == 4
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(state))
    train(config, tmp_path)  # and it can be gone on from
    assert np.max(final_state(tmp_path, trials=trials).step) == 8


def test_a_learning_rate_out_of_all_bounds(tmp_path, toy):
    config = toy.config(steps=50)
    config.game.learning_rate = 1e20
    config.checkpoint.every = 0
    with pytest.raises(TrainingDiverged, match=r"not finite at step \d+: there is no earlier"):
        train(config, tmp_path)
    assert Checkpoints(tmp_path, read_only=True).latest_step() is None
    for line in log(tmp_path):
        assert all(v is None or isinstance(v, str) or math.isfinite(v) for v in line.values())


@pytest.mark.parametrize(("mode", "step"), [("min", 4), ("max", 2)])
def test_the_best_of_several_trials_is_that_of_their_mean(tmp_path, toy, monkeypatch, mode, step):
    values = {2: [0.0, 9.0], 4: [1.0, 1.0]}
    monkeypatch.setattr(
        "aae_jax.train.run_metrics",
        lambda models, *_: {"reconstruction_mse": values[models[0].step]},
    )
    config = toy.config(steps=4, trials=2)
    config.checkpoint.best_metric = "reconstruction_mse"
    config.checkpoint.best_mode = mode
    train(config, tmp_path)
    assert Checkpoints(tmp_path, read_only=True).best_step() == step


def test_the_periodic_evaluation_has_its_own_seed(tmp_path, toy, monkeypatch):
    seeds = []
    monkeypatch.setattr("aae_jax.train.run_metrics", lambda *given: seeds.append(given[-1]) or {})
    config = toy.config(steps=2, seed=3)
    config.evaluation.seed = 8
    train(config, tmp_path)
    assert set(seeds) == {8}


def test_periodic_evaluations_may_be_of_validation_examples(tmp_path, toy, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "aae_jax.train.run_metrics",
        lambda _, dataset, *__: seen.append(dataset) or {"reconstruction_mse": [1.0]},
    )
    config = toy.config(steps=2)
    config.evaluation.periodic_split = "validation"
    with pytest.raises(UserError, match="is 'validation' and no data is held out: set data.valid"):
        train(config, tmp_path)
    config.data.validation_size = 3
    dataset = data.load(config.data)
    train(config, tmp_path, dataset)
    assert {id(part.test) for part in seen} == {id(dataset.validation)}
    assert {part.validation for part in seen} == {None}


def test_keeps_the_latest_and_the_best(tmp_path, toy, monkeypatch):
    values = {2: 3.0, 4: 1.0, 6: 2.0}
    monkeypatch.setattr(
        "aae_jax.train.run_metrics",
        lambda models, *_: {"reconstruction_mse": [values[models[0].step]]},
    )
    config = toy.config(steps=6)
    config.checkpoint.keep = 2
    config.checkpoint.best_metric = "reconstruction_mse"
    train(config, tmp_path)
    folders = {
        p.name: sorted(c.name for c in p.iterdir()) for p in (tmp_path / "checkpoints").iterdir()
    }
    assert folders == {"latest": ["5", "6"], "best": ["4"]}
    config.evaluation.checkpoint = "best"
    assert load_trials(config, tmp_path)[0].step == 4
    result = evaluate(config, tmp_path)
    assert (result["step"], result["trained_steps"]) == (4, 6)
    assert is_current(result, config, 6)
    config.evaluation.checkpoint = "latest"
    assert not is_current(result, config, 6)
    assert evaluate(config, tmp_path)["step"] == 6
    # The best survives a resumed run with worse values, the step after it does not.
    values.update({8: 1.5})
    config.steps = 8
    train(config, tmp_path)
    assert Checkpoints(tmp_path, read_only=True).best_step() == 4


def test_best_is_a_copy_of_the_state_of_its_step(tmp_path, toy):
    config = toy.config(steps=2)
    config.checkpoint.best_metric = "reconstruction_mse"
    train(config, tmp_path)
    assert same_bits(final_state(tmp_path, "best"), final_state(tmp_path))


def test_the_step_is_compiled_once(tmp_path, toy, caplog):
    config = toy.config(steps=4)
    config.evaluation.every = 0
    with jax.log_compiles(), caplog.at_level(logging.WARNING, logger="jax"):
        train(config, tmp_path)
    compiled = re.findall(r"Compiling jit\((\w+)\)", caplog.text)
    assert compiled.count("init") == 1  # one program, not one for every layer
    steps = [name for name in compiled if name == "device_step" or name.startswith("_fun")]
    assert len(steps) == 2, compiled  # with the one that settles statistics


def test_runs_ahead_of_the_devices_but_not_far(tmp_path, toy, monkeypatch, spied_step):
    """Counts what the loop waits for: some call back, and never the call just made."""
    waits, given = [], []
    original = jax.block_until_ready

    def block_until_ready(tree):
        waits.append((len(given), next(i for i, m in enumerate(given, 1) if m is tree)))
        return original(tree)

    spied_step(lambda state, metrics: given.append(metrics))
    monkeypatch.setattr(jax, "block_until_ready", block_until_ready)
    config = toy.config(steps=12, steps_per_call=1)
    config.log.every = 100
    config.checkpoint.every = config.evaluation.every = 0
    train(config, tmp_path)
    assert waits[0] == (1, 1)  # the first step, to time its compilation
    lags = [now - step for now, step in waits[1:]]
    assert lags == [2] * 10


def test_refusals_leave_the_workdir_as_it_was(tmp_path, toy):
    train(toy.config(steps=4), tmp_path)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}

    def refused(match, **fields):
        with pytest.raises(UserError, match=match):
            train(toy.config(**fields), tmp_path)
        assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before

    refused("steps is 3 but workdir .* is at step 4 already", steps=3)
    refused(r"another config: batch_size \(8 there, 4 now\)", steps=9, batch_size=4)
    refused("evaluation.metrics names 'nothing'", steps=9, evaluation={"metrics": ("nothing",)})
    refused("the method has no function predict", steps=9, evaluation={"periodic": ("clustering",)})
    with pytest.raises(UserError, match="batch_size=64 does not fit"):
        train(toy.config(batch_size=64), tmp_path / "new")
    with pytest.raises(UserError, match="method is 'other': choose one of"):
        train(toy.config(method="other"), tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with (tmp_path / "metrics.jsonl").open("r+") as file:
        file.write("nonsense")
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    refused("line 1 of .*metrics.jsonl is not a line of metrics", steps=9)


def test_other_data_in_the_place_of_the_old_is_noticed(tmp_path, toy):
    config = toy.config(steps=2)
    train(config, tmp_path)
    config.steps = 4
    fewer = config.data.copy_and_resolve_references()
    fewer.size = 24
    with pytest.raises(UserError, match="its steps_per_epoch was 4 and is 3 now"):
        train(config, tmp_path, data.load(fewer))


def test_damaged_checkpoints_are_refused_and_the_folder_left_alone(tmp_path, toy):
    train(toy.config(steps=2), tmp_path)
    for file in (tmp_path / "checkpoints/latest").rglob("state/**/*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:10])
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    with pytest.raises(UserError, match="cannot restore checkpoint .*latest/2") as caught:
        train(toy.config(steps=4), tmp_path)
    assert "\n" not in str(caught.value)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_a_crash_in_the_evaluation_costs_no_step_and_is_made_up_for(tmp_path, toy, monkeypatch):
    def crash(*_):
        raise RuntimeError("out of luck")

    with monkeypatch.context() as patch:
        patch.setattr("aae_jax.train.run_metrics", crash)
        with pytest.raises(RuntimeError, match="out of luck"):
            train(toy.config(steps=5), tmp_path)
    assert Checkpoints(tmp_path, read_only=True).latest_step() == 2
    train(toy.config(steps=5), tmp_path)
    evaluations = [line["step"] for line in log(tmp_path) if line["kind"] == "evaluate"]
    assert evaluations == [2, 4]


def test_averaged_parameters_and_settled_statistics_are_evaluated(tmp_path, toy):
    config = toy.config(steps=3)
    state = train(config, tmp_path)
    x = np.full((4, 4, 4, 1), 0.5, np.float32)
    z = load_trials(config, tmp_path)[0].encode(x)["z"]
    coder = toy.game().players["coder"].network

    def encode(params, batch_stats):
        variables = {"params": params["coder"], "batch_stats": batch_stats["coder"]}
        return coder.apply(variables, x, train=False, method="encode")

    np.testing.assert_allclose(z, encode(state.ema, state.settled), rtol=1e-5, atol=1e-6)
    assert np.abs(encode(state.params, state.settled) - z).max() > 1e-4
    assert np.abs(encode(state.ema, state.batch_stats) - z).max() > 1e-4


def test_works_outside_the_main_thread(tmp_path, toy):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        state = pool.submit(train, toy.config(steps=1), tmp_path).result()
    assert int(state.step) == 1


def test_a_signal_at_the_last_step_is_not_forgotten(tmp_path, toy, monkeypatch):
    from aae_jax.errors import TrainingInterrupted

    def signalled(self):
        self.signal_number = 15
        return self

    monkeypatch.setattr(Interrupt, "__enter__", signalled)
    with pytest.raises(TrainingInterrupted, match="signal 15 after the last step"):
        train(toy.config(steps=1), tmp_path)
    assert Checkpoints(tmp_path, read_only=True).latest_step() == 1


def test_time_that_is_over_saves_and_the_next_call_ends_as_one_run_would(tmp_path, toy):
    config = toy.config(steps=5)
    config.log.every = 2
    train(config, tmp_path / "whole")
    state = train(config, tmp_path / "parts", seconds=0.0)  # over after the first step
    assert int(state.step) == 1
    assert int(train(config, tmp_path / "parts", seconds=1e6).step) == 5
    assert same_bits(final_state(tmp_path / "whole"), final_state(tmp_path / "parts"))
    info = Checkpoints(tmp_path / "parts", read_only=True).info("latest")
    assert info["versions"]["jax"] == jax.__version__
    assert info["hardware"].endswith("cores")


def test_labels_that_a_game_cannot_read_are_refused_before_the_workdir_is_made(tmp_path):
    config = test_config("aae_mnist_style")
    config.game.classes = 7
    with pytest.raises(UserError, match="labels of 7 classes, and data.name='random' has 10"):
        train(config, tmp_path / "run")
    config.game.classes = 10
    dataset = data.load(config.data)
    unlabelled = replace(dataset, train=replace(dataset.train, label=None))
    with pytest.raises(UserError, match="the game reads labels, and data.name='random' has none"):
        train(config, tmp_path / "run", unlabelled)
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_the_loop_costs_no_more_than_its_steps(tmp_path, toy, monkeypatch):
    """Time of 300 steps of the loop against the bare step, with a step of some milliseconds."""
    import time

    config = toy.config(steps=300, batch_size=2048)
    config.data.size = 4096
    config.log.every = 50
    config.checkpoint.every = config.evaluation.every = 0
    dataset = data.load(config.data)
    layout = Layout()
    feed = data.make_feed(dataset, batch_size=2048, seeds=[0], **layout.rows)
    game = METHODS["toy"].build(config, dataset.example_shape, 2)
    step = layout.parallelize(make_train_step(game, ema_decay=0.5), feed.fetch)
    _, key = parallel.trial_keys(0, 1)
    state = make_init(game, 0, 1, ema=True)()
    state, arrays, key = layout.place(state, feed.arrays, key)
    items = [layout.stack([next(feed)]) for _ in range(300)]
    state, _ = jax.block_until_ready(step(state, arrays, *items[0], key))

    def bare(state):
        began = time.monotonic()
        for item in items:
            state, metrics = step(state, arrays, *item, key)
        jax.block_until_ready(metrics)
        return time.monotonic() - began, state

    alone, state = bare(state)
    again, state = bare(state)
    train(config, tmp_path, dataset)
    rates = [
        json.loads(line)["steps_per_second"]
        for line in (tmp_path / "metrics.jsonl").read_text().splitlines()
    ]
    assert 300 / min(alone, again) < 1.15 * np.median(rates)


def test_a_method_is_all_that_a_new_paper_needs(tmp_path, toy, monkeypatch):
    """Another entry of the table trains, resumes and evaluates without any other change."""
    build = METHODS["toy"].build
    monkeypatch.setitem(METHODS, "second", Method(build, "Second", "No paper"))
    config = toy.config(method="second", steps=2)
    train(config, tmp_path)
    assert evaluate(config, tmp_path)["step"] == 2

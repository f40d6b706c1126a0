"""Logging to W&B, with a stand-in for its package that keeps what it is given."""

import json
import sys
import types

import numpy as np
import pytest

from aae_jax import wandb_log
from aae_jax.errors import UserError
from aae_jax.metric_writer import MetricWriter, read_log
from aae_jax.train import train


class Run:
    def __init__(self, options):
        self.options, self.logged, self.finished, self.metrics = options, [], False, {}

    def define_metric(self, name, step_metric=None):
        self.metrics[name] = step_metric

    def log(self, values):
        assert not self.finished
        self.logged.append(values)

    def finish(self):
        self.finished = True


@pytest.fixture
def runs(monkeypatch):
    """The runs that were started, with `wandb` installed."""
    started = []

    def init(**options):
        started.append(Run(options))
        return started[-1]

    module = types.ModuleType("wandb")
    module.init = init
    module.Image = lambda pixels: ("image", pixels)
    module.__spec__ = types.SimpleNamespace()
    monkeypatch.setitem(sys.modules, "wandb", module)
    return started


def test_sends_scalars_trials_and_images(tmp_path, runs):
    (tmp_path / "config.json").write_text('{"seed": 3}')
    with MetricWriter(tmp_path, tensorboard=False, wandb="codes") as writer:
        assert writer.shows_images
        writer.write(2, {"loss": 0.5})
        writer.write(4, {"mse": [1.0, 3.0]}, "evaluate")
        writer.write_images(4, {"samples": np.ones((2, 2, 3), np.float32)})
    (run,) = runs
    assert run.finished
    assert run.options["project"] == "codes"
    assert run.options["name"] == tmp_path.name
    assert run.options["config"] == {"seed": 3}
    assert run.metrics == {"step": None, "*": "step"}
    first, second, third = run.logged
    assert first == {"step": 2, "train/loss": 0.5}
    assert second == {
        "step": 4,
        "evaluate/mse": 2.0,
        "evaluate/mse/trial_0": 1.0,
        "evaluate/mse/trial_1": 3.0,
    }
    kind, pixels = third["evaluate/samples"]
    assert kind == "image"
    np.testing.assert_array_equal(pixels, np.full((2, 2, 3), 255, np.uint8))
    assert len(read_log(tmp_path)) == 2  # the log is written all the same


def test_a_resumed_training_goes_on_with_its_run(tmp_path, runs, toy):
    for steps in (1, 2):
        config = toy.config(steps=steps)
        config.log.wandb = "codes"
        config.log.images = 8
        train(config, tmp_path)
    first, second = (run.options for run in runs)
    assert first["id"] == second["id"] == (tmp_path / "wandb_id").read_text()
    assert second["resume"] == "allow"
    assert second["config"] == json.loads((tmp_path / "config.json").read_text())
    assert [values["step"] for run in runs for values in run.logged] == [1, 2, 2, 2]
    images = {name for values in runs[1].logged for name in values if "evaluate/" in name}
    assert images >= {"evaluate/samples", "evaluate/reconstructions"}


def test_a_missing_package_is_one_line_before_training(tmp_path, monkeypatch, toy):
    monkeypatch.setitem(sys.modules, "wandb", None)
    monkeypatch.setattr(wandb_log.importlib.util, "find_spec", lambda name: None)
    config = toy.config()
    config.log.wandb = "codes"
    with pytest.raises(UserError, match=r"pip install 'aae_jax\[wandb\]', or leave log.wandb"):
        train(config, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_service_that_refuses_is_one_line(tmp_path, runs, monkeypatch):
    def refuse(**_):
        raise RuntimeError("api_key not\nconfigured")

    monkeypatch.setattr(sys.modules["wandb"], "init", refuse)
    with pytest.raises(UserError, match="did not start .api_key not configured.: log in with"):
        MetricWriter(tmp_path, tensorboard=False, wandb="codes")

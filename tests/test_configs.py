"""Every config can be trained; every metric and figure of each method is evaluated and reported."""

import contextlib
import importlib
import json

import jax
import pytest
from ml_collections import ConfigDict

from aae_jax import sentences
from aae_jax.config import check as check_config
from aae_jax.data import load
from aae_jax.evaluate import check as check_evaluation
from aae_jax.evaluate import evaluate
from aae_jax.inference import GameFunctions, Model
from aae_jax.methods import build_game
from aae_jax.metrics import METRICS
from aae_jax.networks.convolution import portable
from aae_jax.state import make_init
from aae_jax.train import train
from tests.configs import config_names, test_config

CONFIGS = config_names()


def _asking(pairs):
    """Configs that together ask for every method, metric and figure, in `pairs` of each method.

    The next is the one that asks for most of what is left, and of equals the one of the smallest
    images.
    """
    asked = {}
    for name in CONFIGS:
        config = test_config(name)
        parts = {*config.evaluation.metrics, *config.evaluation.figures}
        asked[name] = {(config.method, part) for part in parts} if pairs else parts
        asked[name] |= {config.method}
    smallest_first = sorted(CONFIGS, key=lambda name: test_config(name).data.image_size)
    asking, left = set(), set().union(*asked.values())
    while left:
        name = max(smallest_first, key=lambda name: len(asked[name] & left))
        asking.add(name)
        left -= asked[name]
    return asking


# What one method has been asked for is asked of the others in the slow tests. So are the
# convolutions of runs on CPU, whose programs take longer to compile than those of XLA's own.
FAST = _asking(pairs=False)
# Others are twins of one of these, which differ in data and sizes: it is enough that they train.
REPORTED = FAST | _asking(pairs=True)
CONVOLUTIONS = {"plain": portable, "ours": contextlib.nullcontext}
TRAINED = [
    *(pytest.param(name, "plain") for name in sorted(FAST)),
    *(pytest.param(name, "ours", marks=pytest.mark.slow) for name in CONFIGS),
]


@pytest.fixture
def _forget():
    """Lets go of a config's programs, which no other config runs."""
    yield
    jax.clear_caches()


@pytest.mark.usefixtures("_forget")
@pytest.mark.parametrize(("name", "convolutions"), TRAINED)
def test_two_steps_and_a_report(tmp_path, name, convolutions):
    config = test_config(name)
    assert config.steps == 2
    with CONVOLUTIONS[convolutions]():
        state = train(config, tmp_path)
        assert int(state.step) == 2
        if name not in REPORTED:
            return  # train has checked that the evaluation can be given
        result = evaluate(config, tmp_path)
    assert result["step"] == 2
    given = {value for name in config.evaluation.metrics for value in METRICS[name].values}
    assert set(result["metrics"]) == given
    assert json.loads((tmp_path / "evaluation.json").read_text()) == result
    drawn = {p.stem for p in (tmp_path / "figures").iterdir()} - {"training_curves"}
    assert drawn == set(config.evaluation.figures)
    assert (tmp_path / "report.html").stat().st_size > 1000


@pytest.mark.parametrize("name", CONFIGS)
def test_a_run_could_start(name):
    """What train checks before it compiles anything."""
    config = test_config(name)
    check_config(config)
    dataset = sentences.attach(config, load(config.data))
    facts = {"shape": dataset.example_shape, "steps_per_epoch": 4}
    facts["class_frequencies"] = dataset.class_frequencies if dataset.num_classes else None
    game = build_game(config, facts)
    sentences.check_game(game, dataset)
    with portable():  # quicker to trace
        state = jax.eval_shape(make_init(game, 0, config.trials, ema=config.ema_decay > 0))
        model = Model(config, GameFunctions(game), state.params, state.batch_stats, step=0)
        check_evaluation(config, model, dataset)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_header_gives_the_command(name):
    module = importlib.import_module(f"configs.{name}")
    assert f"python -m aae_jax.main --config=configs/{name}.py" in module.__doc__


def _parts(config):
    yield config
    for value in config.values():
        if isinstance(value, ConfigDict):
            yield from _parts(value)


@pytest.mark.parametrize("name", CONFIGS)
def test_a_flag_sets_one_field(name):
    """No part stands in two places, where --config.optimizer.a.learning_rate would set b's too."""
    parts = [id(part) for part in _parts(importlib.import_module(f"configs.{name}").get_config())]
    assert len(parts) == len(set(parts))

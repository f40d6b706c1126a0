"""A method from outside of the package: it learns, and mistakes in it are told in one line."""

import dataclasses
import re

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from ml_collections import ConfigDict

from aae_jax import data, priors
from aae_jax.errors import UserError
from aae_jax.evaluate import evaluate
from aae_jax.game import Game, Outcome, Phase, Player
from aae_jax.inference import load_trials
from aae_jax.methods import Method, build_game, get_method, refuse_idle
from aae_jax.train import train
from tests.examples import one_phase_aae

HERE = "tests.examples.test_one_phase_aae"
FACTS = {"shape": (8, 8, 1), "steps_per_epoch": 14}


def config(build="", **fields):
    """The example's config, short."""
    config = one_phase_aae.get_config()
    config.steps = 200
    config.network.hidden = (32, 32)
    config.log.tensorboard = False
    config.evaluation.figures = ("code_scatter",)
    if build:
        config.method = f"{HERE}:{build}"
    config.update(fields)
    return config


def test_it_trains_evaluates_and_loads_as_the_package_s_own_do(tmp_path):
    result = None
    for folder, steps in (("short", 1), ("long", 200)):
        before = result
        train(config(steps=steps), tmp_path / folder)
        result = evaluate(config(steps=steps), tmp_path / folder)["metrics"]
    assert result["reconstruction_mse"]["mean"] < 0.7 * before["reconstruction_mse"]["mean"]
    assert (tmp_path / "long" / "report.html").exists()
    (model,) = load_trials(config(), tmp_path / "long")
    x = data.load(config().data).test.x(slice(0, 5))
    assert model.reconstruct(x).shape == x.shape
    assert model.sample(7, seed=0).shape == (7, 8, 8, 1)


def test_its_own_checks_are_the_user_s():
    with pytest.raises(UserError, match="game.weight is -1.0: it must be at least 0"):
        build_game(config(game={"weight": -1.0}), FACTS)


def gives_nothing(config, shape, steps_per_epoch):
    return None


def takes_less(config):
    return one_phase_aae.build(config, (8, 8, 1), 1)


def _with_another_weight(config, *given):
    config = config.copy_and_resolve_references()
    config.game.weight = 1.0
    return one_phase_aae.build(config, *given)


LACKS_FREQUENCIES = Method(one_phase_aae.build, "AAE", reads_frequencies=True)
WITH_OPTIONS = Method(
    _with_another_weight,
    "One-phase AAE",
    "My Paper",
    options=lambda: ConfigDict({"prior": priors.gaussian(2), "norm": 2}),
)


def _changed(config, shape, steps_per_epoch, change):
    """The example's game, what its phase reports changed."""
    game = one_phase_aae.build(config, shape, steps_per_epoch)
    (phase,) = game.phases

    def loss_fn(play, batch):
        return Outcome(change(dict(phase.loss_fn(play, batch).losses)))

    return Game(game.players, (Phase("all", loss_fn, phase.optimizers),), game.inference)


def forgets_the_decoder(*args):
    return _changed(*args, lambda losses: {k: v for k, v in losses.items() if k != "decoder"})


def gives_a_loss_for_each_example(*args):
    return _changed(*args, lambda losses: losses | {"decoder": losses["decoder"] + np.zeros(100)})


def updates_a_stranger(config, shape, steps_per_epoch):
    game = one_phase_aae.build(config, shape, steps_per_epoch)
    optimizers = dict(game.phases[0].optimizers)
    optimizers["critic"] = optimizers.pop("discriminator")
    return Game(game.players, (Phase("all", game.phases[0].loss_fn, optimizers),), {})


def has_two_phases_of_one_name(config, shape, steps_per_epoch):
    game = one_phase_aae.build(config, shape, steps_per_epoch)
    return Game(game.players, game.phases * 2, {})


def stumbles(config, shape, steps_per_epoch):
    return 1 / 0


def _with(*args, loss=None, **inference):
    game = one_phase_aae.build(*args)
    (phase,) = game.phases
    phase = Phase("all", loss or phase.loss_fn, phase.optimizers)
    return Game(game.players, (phase,), {**game.inference, **inference})


def stumbles_in_its_loss(*args):
    return _with(*args, loss=lambda play, batch: 1 / 0)


def plays_a_stranger(*args):
    return _with(*args, loss=lambda play, batch: play("encodr", batch["x"]))


def gives_losses_alone(*args):
    return _with(*args, loss=lambda play, batch: {"encoder": 0.0})


def encodes_without_a_dict(*args):
    return _with(*args, encode=lambda play, x: play("encoder", x))


def decodes_flat(*args):
    return _with(*args, decode=lambda play, code: jnp.zeros((code["z"].shape[0], 64)))


def encodes_too_widely(*args):
    return _with(*args, encode=lambda play, x: {"z": jnp.zeros((x.shape[0], 5))})


def _reports(*args, **metrics):
    (phase,) = one_phase_aae.build(*args).phases

    def loss(play, batch):
        return Outcome(phase.loss_fn(play, batch).losses, metrics)

    return _with(*args, loss=loss)


def reports_each_example(*args):
    return _reports(*args, fit=np.zeros(100))


def reports_the_step(*args):
    return _reports(*args, step=0.0)


class NormOfTraining(nn.Module):
    """Has statistics in training alone, so that a step makes what the first state lacks."""

    @nn.compact
    def __call__(self, z, *, train):
        if train:
            self.variable("batch_stats", "mean", jnp.zeros, ()).value = z.mean()
        return nn.Dense(1)(z)[:, 0]


def grows(*args):
    game = one_phase_aae.build(*args)
    judge = Player(NormOfTraining(), game.players["discriminator"].inputs)
    return dataclasses.replace(game, players={**game.players, "discriminator": judge})


@pytest.mark.parametrize(
    ("build", "message"),
    [
        ("reports_each_example", "phase 'all': the metric fit has shape (100,): it must be one n"),
        ("reports_the_step", "phase 'all': the metric step is a name of the log's own: choose an"),
        ("grows", "a train step makes float32[] of the state's .batch_stats['discriminator']['mea"),
        ("stumbles", "fails with ZeroDivisionError: division by zero (test_one_phase_aae.py, line"),
        ("stumbles_in_its_loss", "a train step fails with ZeroDivisionError: division by zero (te"),
        ("plays_a_stranger", "no player 'encodr' in this game: its players are encoder, decoder"),
        ("gives_losses_alone", "its loss function gives a dict: it must give an aae_jax.game.Outc"),
        ("encodes_without_a_dict", "function encode gives float32[100, 2]: it must give a dict"),
        ("decodes_flat", "decode gives float32[100, 64]: it must give examples [100, 8, 8, 1]"),
        ("encodes_too_widely", "encode gives {z: float32[100, 5]}: it must give what the prior gi"),
    ],
)
def test_mistakes_are_found_before_the_workdir_is_touched(tmp_path, build, message):
    with pytest.raises(UserError, match=re.escape(message)) as caught:
        train(config(method=f"{HERE}:{build}"), tmp_path / "run")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("no_such_file:build", "No module named 'no_such_file'; put the module beside the config"),
        ("tests.examples.one_phase_aae:built", "one_phase_aae has no 'built', which should be a"),
        (f"{HERE}:", f"method is '{HERE}:': it must be 'module:name', the name of a function that"),
        (f"{HERE}:FACTS", "it is of type dict, and must be a function that"),
        (f"{HERE}:gives_nothing", "it gives a NoneType, and must give an aae_jax.game.Game"),
        (f"{HERE}:LACKS_FREQUENCIES", "it must take (config, shape, steps_per_epoch, frequencies)"),
        (f"{HERE}:WITH_OPTIONS", "config.game has an unknown field weight: method"),
        (f"{HERE}:takes_less", "it must take (config, shape, steps_per_epoch): too many posit"),
        (f"{HERE}:updates_a_stranger", "'all' updates critic: the game's players are encoder, de"),
        (f"{HERE}:has_two_phases_of_one_name", "phases are all, all: give each a name of its own"),
    ],
)
def test_what_is_no_method_is_refused(method, message):
    with pytest.raises(UserError, match=re.escape(message)):
        build_game(config(method=method), FACTS)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        ("forgets_the_decoder", "reports losses of discriminator, encoder and updates decoder, d"),
        ("gives_a_loss_for_each_example", "the loss of decoder has shape (100,): it must be one"),
    ],
)
def test_losses_that_do_not_fit_the_players_are_refused(tmp_path, build, message):
    with pytest.raises(UserError, match=re.escape(message)):
        train(config(build), tmp_path)
    jax.clear_caches()


def test_the_report_names_the_method_by_its_function():
    method = get_method(one_phase_aae.get_config().method)
    assert (method.title, method.paper) == ("tests.examples.one_phase_aae:build", "")


def test_a_method_of_ones_own_may_have_a_title_a_paper_and_fields():
    name = f"{HERE}:WITH_OPTIONS"
    assert get_method(name).named(config(method=name)) == ("One-phase AAE", "My Paper")
    settings = config(method=name)
    del settings.game.weight
    settings.game.norm = 7  # which means something else in methods of the package
    refuse_idle(settings)
    game = build_game(settings, FACTS)
    assert set(game.players) == {"encoder", "decoder", "discriminator"}

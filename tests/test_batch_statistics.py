import jax
import numpy as np
import pytest

from aae_jax import data
from aae_jax.train import train
from tests.configs import test_config
from tests.helpers import final_state, same_bits


def first_layer(stats):
    """Mean and variance that the toy coder normalises its first layer with."""
    norm = stats["coder"]["norm"]["BatchNorm_0"]
    return np.asarray(norm["mean"]), np.asarray(norm["var"])


def of_all_images(params, dataset):
    """What they are over all training images."""
    h = dataset.train.x().reshape(len(dataset.train), -1) @ np.asarray(
        params["coder"]["hidden"]["Dense_0"]["kernel"]
    )
    return h.mean(axis=0), h.var(axis=0)


@pytest.mark.parametrize("ema_decay", [0.0, 0.9])
def test_settled_statistics_are_those_of_the_evaluated_weights(tmp_path, toy, ema_decay):
    config = toy.config(steps=6, batch_size=32, ema_decay=ema_decay)
    config.game.learning_rate = 0.2  # so that running averages are left behind
    state = train(config, tmp_path)
    dataset = data.load(config.data)
    for kind, true in enumerate(of_all_images(state.evaluated.params, dataset)):
        settled = np.abs(first_layer(state.settled)[kind] - true)
        running = np.abs(first_layer(state.batch_stats)[kind] - true)
        # A batch holds all 32 images. 0.9 to the power of 80, two uses a step, are left of before.
        np.testing.assert_array_less(settled, 1e-3 * running.max())
        assert running.max() > 0.05


def test_parts_of_a_batch_are_settled_one_by_one(tmp_path, toy):
    """As in training: parts of one example have no variance."""
    config = toy.config(steps=2, batch_size=32, accumulate=32)
    _, var = first_layer(train(config, tmp_path).settled)
    np.testing.assert_array_less(var, 1e-3)


def test_settling_moves_nothing_else(tmp_path, toy):
    """Neither the weights, nor what training goes on from: saved often is saved once."""
    for every in (1, 0):
        config = toy.config(steps=5)
        config.checkpoint.every = config.evaluation.every = every
        train(config, tmp_path / str(every))
    often, once = (final_state(tmp_path / str(every)) for every in (1, 0))
    assert int(once.step) == 5
    assert same_bits(often, once)


@pytest.mark.parametrize("location", ["device", "host"])
def test_on_either_road_and_for_each_trial(tmp_path, toy, location):
    settled = []
    for trials, seed in ((1, 4), (2, 3)):
        config = toy.config(steps=3, trials=trials, seed=seed)
        config.data.location = location
        settled.append(train(config, tmp_path / str(trials)).settled)
    alone, both = settled
    for kind in (0, 1):
        np.testing.assert_allclose(
            first_layer(both)[kind][1], first_layer(alone)[kind], rtol=1e-4, atol=2e-5
        )


def test_batches_that_settle_have_draws_of_their_own(tmp_path, toy):
    """The critic sees prior draws; the same 8 in every batch would have other moments."""
    config = toy.config(steps=1, batch_size=8)
    config.game.learning_rate = 0.0
    state = train(config, tmp_path)
    layer = state.params["critic"]["Dense_0"]["Dense_0"]
    kernel, bias = np.asarray(layer["kernel"]), np.asarray(layer["bias"])
    z = np.random.default_rng(0).normal(size=(100_000, 2))
    real = np.maximum(z @ kernel + bias, 0).mean(axis=0)
    code = state.settled["critic"]["BatchNorm_0"]["BatchNorm_0"]["mean"]
    dataset = data.load(config.data)
    coder = toy.game().players["coder"].network
    variables = {"params": state.params["coder"], "batch_stats": state.settled["coder"]}
    codes = coder.apply(variables, dataset.train.x(), train=False, method="encode")
    fake = np.maximum(np.asarray(codes) @ kernel + bias, 0).mean(axis=0)
    assert np.abs(np.asarray(code) - (real + fake) / 2).max() < 0.1


def test_a_game_without_batch_normalisation_has_none(tmp_path):
    config = test_config("aae_mnist")
    state = train(config, tmp_path)
    assert not jax.tree.leaves(state.settled)

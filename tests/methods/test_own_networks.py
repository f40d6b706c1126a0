"""A user's networks in the place of a method's: what they are told, and what is refused."""

import math
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import user_code
from aae_jax.data import load
from aae_jax.errors import UserError
from aae_jax.evaluate import evaluate
from aae_jax.inference import load_trials
from aae_jax.methods import build_game
from aae_jax.networks.dropout import Dropout
from aae_jax.networks.layers import BatchNorm
from aae_jax.train import train
from tests.configs import test_config
from tests.methods.test_contract import CONFIGS, DIFFERENTIATED

HERE = "tests.methods.test_own_networks"


class Encoder(nn.Module):
    """A convolutional encoder, in layers of Flax's own."""

    output: tuple[int, ...]

    @nn.compact
    def __call__(self, x, *, train):
        h = nn.relu(BatchNorm()(nn.Conv(4, (4, 4), strides=2)(x), train=train))
        h = Dropout(0.1)(h.reshape(h.shape[0], -1), train=train)
        return nn.Dense(self.output[0])(h)


class Anything(nn.Module):
    """Gives arrays of whatever shapes from whatever inputs."""

    output: Any

    @nn.compact
    def __call__(self, *inputs, train):
        h = jnp.concatenate([a.reshape(a.shape[0], -1) for a in inputs], axis=1)

        def give(shape):
            return nn.Dense(math.prod(shape))(h).reshape(-1, *shape)

        return jax.tree.map(give, self.output, is_leaf=is_shape)


def is_shape(tree):
    return isinstance(tree, tuple) and all(isinstance(part, int) for part in tree)


def half(output):
    return Anything((output[0] // 2,))


def joined(output):
    return Joined()


class Joined(nn.Module):
    @nn.compact
    def __call__(self, x, *, train):
        return nn.Dense(2)(x.reshape(x.shape[0], -1)).reshape(1, -1)


def whole_numbers(output):
    return WholeNumbers()


class WholeNumbers(nn.Module):
    @nn.compact
    def __call__(self, x, *, train):
        return jnp.round(nn.Dense(2)(x.reshape(x.shape[0], -1))).astype(jnp.int32)


class WithoutTrain(nn.Module):
    output: tuple[int, ...]

    @nn.compact
    def __call__(self, x):
        return nn.Dense(2)(x.reshape(x.shape[0], -1))


class Forgetful(nn.Module):
    output: tuple[int, ...]

    @nn.compact
    def __call__(self, x, *, train):
        self.variable("memory", "seen", jnp.zeros, ())
        return nn.Dense(2)(x.reshape(x.shape[0], -1))


class Empty(nn.Module):
    output: tuple[int, ...]

    def __call__(self, x, *, train):
        return x.reshape(x.shape[0], -1)[:, :2]


def no_module(output):
    return lambda x, train: x


def build(config):
    dataset = load(config.data)
    facts = {"shape": dataset.example_shape, "steps_per_epoch": 4}
    facts["class_frequencies"] = dataset.class_frequencies if dataset.num_classes else None
    return build_game(config, facts)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in DIFFERENTIATED else pytest.mark.slow)
        for name in CONFIGS
    ],
)
def test_every_player_of_every_method_can_be_replaced(name):
    config = test_config(name)
    players = build(config).players
    config.players = ", ".join(f"{player}={HERE}:Anything" for player in players)
    replaced = build(config).players
    assert list(replaced) == list(players)
    assert all(isinstance(player.network, Anything) for player in replaced.values())


def test_a_run_with_an_encoder_of_ones_own(tmp_path):
    config = test_config("aae_mnist")
    config.players = f"encoder={HERE}:Encoder"
    state = train(config, tmp_path)
    assert set(state.params["encoder"]) == {"Conv_0", "BatchNorm_0", "Dense_0"}
    assert "encoder" in state.batch_stats
    evaluate(config, tmp_path)
    (model,) = load_trials(config, tmp_path)
    assert model.encode(np.zeros((3, 28, 28, 1), np.float32))["z"].shape == (3, 2)


@pytest.mark.parametrize(
    ("players", "message"),
    [
        ("encoder", "players has the part 'encoder': write player=module:Network"),
        (f"encoder={HERE}", f"players: encoder is '{HERE}': it must be 'module:name', the"),
        (f"encoder={HERE}:Encoder,encoder={HERE}:Empty", "players names 'encoder' twice"),
        (f"coder={HERE}:Encoder", "names 'coder': this game's players are encoder, decoder, disc"),
        ("encoder=no_such:Net", "No module named 'no_such'; put the module beside the config"),
        (f"encoder={HERE}:Nothing", f"module {HERE} has no 'Nothing'"),
        (f"encoder={HERE}:half", r"of shape \(28, 28, 1\) it makes \(1,\), and .* needs \(2,\)"),
        (f"encoder={HERE}:joined", r"it makes \(1, 4\) without the batch's axis, and the"),
        (f"encoder={HERE}:whole_numbers", r"it makes int32 of shape \(2,\), and the game needs"),
        (f"encoder={HERE}:WithoutTrain", "it fails with TypeError: .* keyword argument 'train'"),
        (f"encoder={HERE}:Forgetful", "variables memory would be lost: only batch_stats and para"),
        (f"encoder={HERE}:Empty", "it has no parameters"),
        (f"encoder={HERE}:no_module", "gives a function: it must give a flax.linen.Module"),
        (f"encoder={HERE}:Joined", r"Joined\(output=\(2,\)\) fails with TypeError"),
    ],
)
def test_networks_that_do_not_fit_are_refused_in_one_line(players, message):
    config = test_config("aae_mnist")
    config.players = players
    with pytest.raises(UserError, match=message) as caught:
        build(config)
    assert "\n" not in str(caught.value)


def test_a_module_that_fails_on_import_is_not_said_to_be_missing(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "needs_more.py").write_text("import nowhere_to_be_found\n")
    (tmp_path / "misspelt.py").write_text("def f(:\n")
    with pytest.raises(
        UserError,
        match=r"No module named 'nowhere_to_be_found' .needs_more.py, line 1.; mend the module",
    ):
        user_code.find("needs_more:f", "players")
    with pytest.raises(UserError, match="SyntaxError: .*; mend the module"):
        user_code.find("misspelt:f", "players")

"""A game that trains in milliseconds and has everything that a game can have.

Two players, two phases, batch normalisation, dropout, noise, and three optimisers: the coder is
trained by both phases, with momentum in one and Adam in the other.
"""

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax

from aae_jax import config as base_config
from aae_jax.experiments import common
from aae_jax.game import Game, Outcome, Phase, Player
from aae_jax.methods import METHODS, Method
from aae_jax.networks.dropout import Dropout
from aae_jax.networks.layers import BatchNorm, Dense

SIZE, CODE = 4, 2  # images of 4x4 pixels, codes of 2 numbers


class Coder(nn.Module):
    """Encoder and decoder in one player."""

    def setup(self):
        # Without biases: normalisation leaves them gradients of nothing but rounding errors, which
        # Adam would blow up.
        self.hidden = Dense(8, 0.3, use_bias=False)
        self.norm = BatchNorm()
        self.drop = Dropout(0.25)
        self.code = Dense(CODE, 0.3)
        self.image = Dense(SIZE * SIZE, 0.3)

    def encode(self, x, *, train):
        h = self.norm(self.hidden(x.reshape(x.shape[0], -1)), train=train)
        return self.code(self.drop(nn.relu(h), train=train))

    def decode(self, z, *, train):
        del train
        return nn.sigmoid(self.image(z)).reshape(-1, SIZE, SIZE, 1)

    def __call__(self, x, *, train):
        return self.decode(self.encode(x, train=train), train=train)


class Critic(nn.Module):
    @nn.compact
    def __call__(self, z, *, train):
        h = BatchNorm()(nn.relu(Dense(8, 0.3)(z)), train=train)
        return Dense(1, 0.3)(Dropout(0.25)(h, train=train))[:, 0]


def reconstruction(play, batch):
    z = play("coder", batch["x"], method="encode")
    x_hat = play("coder", z + 0.1 * play.normal(*z.shape), method="decode")
    loss = jnp.square(x_hat - batch["x"]).mean()
    return Outcome({"coder": loss}, {"mse": loss})


def contest(play, batch):
    z = play("coder", batch["x"], method="encode")
    fake, real = play("critic", z), play("critic", play.normal(*z.shape))
    critic = jax.nn.softplus(-real).mean() + jax.nn.softplus(fake).mean()
    return Outcome({"coder": jax.nn.softplus(-fake).mean(), "critic": critic})


def game(learning_rate=0.02):
    return Game(
        players={
            "coder": Player(Coder(), (jax.ShapeDtypeStruct((2, SIZE, SIZE, 1), jnp.float32),)),
            "critic": Player(Critic(), (jax.ShapeDtypeStruct((2, CODE), jnp.float32),)),
        },
        phases=(
            Phase("reconstruction", reconstruction, {"coder": optax.sgd(learning_rate, 0.9)}),
            Phase(
                "contest",
                contest,
                {"coder": optax.adam(learning_rate), "critic": optax.sgd(learning_rate)},
            ),
        ),
        inference={
            "encode": lambda play, x: {"z": play("coder", x, method="encode")},
            "decode": lambda play, code: play("coder", code["z"], method="decode"),
            "prior": lambda play, component: {"z": play.normal(component.shape[0], CODE)},
        },
    )


def config(**fields):
    """Config of a run of some steps on random images; `fields` as `steps=3`."""
    config = base_config.base()
    config.method = "toy"
    config.game.learning_rate = 0.02
    config.ema_decay = 0.5
    common.use_random_data(config, image_size=SIZE, channels=1)
    config.steps = 6
    config.log.tensorboard = False
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = ("samples",)
    config.update(fields)
    return config


def register():
    """Enters the game into the table of methods."""
    METHODS["toy"] = Method(
        lambda config, shape, steps_per_epoch: game(config.game.learning_rate), "Toy", "No paper"
    )

"""AAE, the game of "Adversarial Autoencoders", Section 2: three phases on each minibatch."""

import functools
import math

import flax.linen as nn
import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax.errors import UserError
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player
from aae_jax.losses import adversarial, reconstruction
from aae_jax.networks.mlp import MLP
from aae_jax.optimizers import make_optimizer
from aae_jax.priors import Gaussian


def options() -> ConfigDict:
    """`config.game` with defaults: the 2-D Gaussian prior of Fig. 2a."""
    return ConfigDict(
        {
            "code": 2,  # dimensions of z
            "prior_std": 1.0,  # of each dimension of the Gaussian prior
        }
    )


def network() -> ConfigDict:
    """`config.network`: two hidden layers of 1000 ReLU units in every network (footnote 1)."""
    return ConfigDict({"hidden": (1000, 1000), "init_std": 0.01})


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `network()`, `config.optimizer` with one entry per phase: `reconstruction`,
            `discriminator` and `generator`.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value.
    """
    check(config)
    d = config.game.code
    p_z = Gaussian(d, config.game.prior_std)
    make_mlp = functools.partial(MLP, tuple(config.network.hidden), stddev=config.network.init_std)
    x_spec = jax.ShapeDtypeStruct((2, *shape), jnp.float32)
    z_spec = jax.ShapeDtypeStruct((2, d), jnp.float32)
    players = {
        "encoder": Player(make_mlp(output=(d,)), (x_spec,)),
        "decoder": Player(make_mlp(output=shape, activation=nn.sigmoid), (z_spec,)),
        "discriminator": Player(make_mlp(output=()), (z_spec,)),
    }

    def encode(play: Play, x: jax.Array) -> jax.Array:
        """z = f(x), the deterministic posterior."""
        return play("encoder", x)

    def reconstruction_phase(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        x_hat = play("decoder", encode(play, x))
        loss = reconstruction.euclidean_reconstruction_loss(x_hat, x).mean()
        mse = 2 * loss / math.prod(shape)
        return Outcome({"encoder": loss, "decoder": loss}, {"mse": mse})

    def discriminator_phase(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        real = play("discriminator", p_z.sample(play.keys(x.shape[0])))
        fake = play("discriminator", encode(play, x))
        loss = adversarial.real_loss(real).mean() + adversarial.fake_loss(fake).mean()
        return Outcome({"discriminator": loss}, {"d_z": jax.nn.sigmoid(fake).mean()})

    def generator_phase(play: Play, batch: Batch) -> Outcome:
        fake = play("discriminator", encode(play, batch["x"]))
        loss = adversarial.non_saturating_generator_loss(fake).mean()
        return Outcome({"encoder": loss})

    optimizers = {
        name: make_optimizer(config.optimizer[name], steps_per_epoch)
        for name in ("reconstruction", "discriminator", "generator")
    }
    return Game(
        players=players,
        phases=(
            Phase(
                "reconstruction",
                reconstruction_phase,
                dict.fromkeys(("encoder", "decoder"), optimizers["reconstruction"]),
            ),
            Phase(
                "discriminator",
                discriminator_phase,
                {"discriminator": optimizers["discriminator"]},
            ),
            Phase("generator", generator_phase, {"encoder": optimizers["generator"]}),
        ),
        inference={
            "encode": lambda play, x: {"z": encode(play, x)},
            "decode": lambda play, code: play("decoder", code["z"]),
            "prior": lambda play, component: {"z": p_z.sample(play.keys(component.shape[0]))},
        },
    )


def check(config: ConfigDict) -> None:
    """Raises a UserError where `config.game`, `network` or `optimizer` cannot work."""
    if config.game.code < 1:
        raise UserError(f"game.code is {config.game.code}: it must be at least 1")
    if config.game.prior_std <= 0:
        raise UserError(f"game.prior_std is {config.game.prior_std}: it must be positive")
    if not config.network.hidden or min(config.network.hidden) < 1:
        raise UserError(f"network.hidden is {config.network.hidden}: give widths, as (1000, 1000)")

"""A method in a file of one's own: an adversarial autoencoder whose players all move at once.

    python -m aae_jax.main --config=tests/examples/one_phase_aae.py

Copy this file to your project, and let `config.method` name its `build`. Nothing is registered:
training, checkpoints, evaluation and reports work as for the methods of the package.
"""

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks, losses, priors
from aae_jax import config as base
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player, spec
from aae_jax.networks.mlp import MLP
from aae_jax.optimizers import adam, make_optimizer


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game; `shape` is that of one example."""
    checks.at_least("game.weight", config.game.weight, 0)
    p_z = priors.make_prior(config.game.prior)
    hidden = config.network.hidden
    players = {
        "encoder": Player(MLP(hidden, (p_z.dim,), stddev=0.1), (spec(*shape),)),
        "decoder": Player(MLP(hidden, shape, jax.nn.sigmoid, stddev=0.1), (spec(p_z.dim),)),
        "discriminator": Player(MLP(hidden, (), stddev=0.1), (spec(p_z.dim),)),
    }

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        z = play("encoder", x)
        z_p = p_z.sample(play.keys(x.shape[0]), jnp.full(x.shape[0], -1))
        real, fake = play("discriminator", z_p), play("discriminator", z)
        cost = losses.euclidean_reconstruction_loss(play("decoder", z), x).mean()
        fool = losses.non_saturating_generator_loss(fake).mean()
        return Outcome(
            {  # each player is differentiated on its own loss only
                "encoder": cost + config.game.weight * fool,
                "decoder": cost,
                "discriminator": losses.real_loss(real).mean() + losses.fake_loss(fake).mean(),
            }
        )

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("all", loss_fn, dict.fromkeys(players, optimizer)),),
        inference={
            "encode": lambda play, x: {"z": play("encoder", x)},
            "decode": lambda play, code: play("decoder", code["z"]),
            "prior": lambda play, component: {
                "z": p_z.sample(play.keys(component.shape[0]), component)
            },
        },
    )


def get_config() -> ConfigDict:
    """Ten seconds on scikit-learn's digits."""
    config = base.base()
    config.method = "tests.examples.one_phase_aae:build"
    config.game = ConfigDict({"prior": priors.gaussian(2), "weight": 1.0})
    config.network = ConfigDict({"hidden": (128, 128)})
    config.optimizer = adam(1e-3, b1=0.5)
    config.data.name = "digits"
    config.steps = 1000
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = ("code_scatter", "manifold", "reconstructions")
    return config

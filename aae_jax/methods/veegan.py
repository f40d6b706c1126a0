"""VEEGAN, a baseline of AIM's tables: a GAN on pairs (x, z) that also reconstructs the codes.

"VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning".
"""

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import losses, priors
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player, spec
from aae_jax.methods import adversarial_inference as shared
from aae_jax.methods import instance_noise
from aae_jax.methods.adversarial import discriminator_loss
from aae_jax.methods.draws import draw_any
from aae_jax.methods.method import Method
from aae_jax.optimizers import make_optimizer


def options(dim: int = 32) -> ConfigDict:
    """`config.game` with defaults."""
    # The prior is that of z, whose dimensions it gives.
    return ConfigDict({"prior": priors.gaussian(dim), **instance_noise.options_of_pairs()})


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game of the paper's Algorithm 1, all players updated at once.

    The discriminator tells (G(z), z) from (x, R(x)), R the reconstructor, here `encoder`; its
    logit on the former is what the generator climbs, and both others reconstruct z from G(z).

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `adversarial_inference.network()` or `point_network()`, `config.optimizer` one
            optimiser.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    p_z = priors.make_prior(config.game.prior)
    nets = shared.make_networks(config, shape, p_z.dim, variance=False)
    blur = instance_noise.make_blur(config, steps_per_epoch)
    blur_code = instance_noise.make_code_blur(config)
    players = {
        "encoder": Player(nets.encoder, (spec(*shape),)),
        "generator": Player(nets.generator, (spec(p_z.dim),)),
        "discriminator": Player(nets.discriminator, (spec(*shape), spec(p_z.dim))),
    }

    def reconstruct(play: Play, x: jax.Array) -> jax.Array:
        """R(x)."""
        return play("encoder", x)[:, 0]

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        z = draw_any(play, p_z, x.shape[0])
        x_p = shared.generate(play, z)
        z_q = reconstruct(play, x)
        real = play("discriminator", blur(play, x), blur_code(play, z_q)).logits
        fake = play("discriminator", blur(play, x_p), blur_code(play, z)).logits
        error = jnp.square(z - reconstruct(play, x_p)).sum(axis=1).mean()
        by_player = {
            "discriminator": discriminator_loss(real, fake),
            "generator": losses.linear_generator_loss(fake).mean() + error,
            "encoder": error,
        }
        metrics = {"d_q": jax.nn.sigmoid(real).mean(), "d_p": jax.nn.sigmoid(fake).mean()}
        return Outcome(by_player, {**metrics, "code_error": error})

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("veegan", loss_fn, dict.fromkeys(players, optimizer)),),
        inference=shared.inference(p_z, reconstruct),
        components=p_z.components,
    )


METHOD = Method(
    build,
    "VEEGAN",
    "VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning",
    options,
)

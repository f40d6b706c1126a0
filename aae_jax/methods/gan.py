"""The plain GAN, the baseline of "Implicit Autoencoders" and of AIM: nothing infers codes."""

from typing import Any

import jax
from ml_collections import ConfigDict

from aae_jax import priors
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player, spec
from aae_jax.methods import adversarial, adversarial_inference, implicit, instance_noise
from aae_jax.methods.method import Method
from aae_jax.networks.aim import Judgement
from aae_jax.optimizers import make_optimizer


def options() -> ConfigDict:
    """`config.game` with defaults: Gaussian noise and the usual generator loss."""
    return ConfigDict(
        {
            "prior": priors.gaussian(20),  # of the code z, whose dimensions it gives
            "local_code": 0,  # dimensions of more noise n, beside a z that stands for clusters
            "value": "non_saturating",  # the value function, one of losses.VALUES
            **instance_noise.options(),
        }
    )


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game, both players updated at once.

    Source: "Implicit Autoencoders", Eq. 1; "AIM: Adversarial Inference by Matching Priors and
    Conditionals", Eqs. 6 and 7, without the encoder.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` one of
            `implicit`'s or of `adversarial_inference`'s, `config.optimizer` one optimiser.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    value, latent = adversarial.make_value(config), implicit.make_latent(config)
    players = make_players(config, shape, latent)
    blur = instance_noise.make_blur(config, steps_per_epoch)

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        x_p = latent.generate(play, latent.draw_any(play, x.shape[0]))
        real, fake = judge(play, blur(play, x)), judge(play, blur(play, x_p))
        by_player = {
            "discriminator": adversarial.discriminator_loss(real, fake, value),
            "generator": value.generator(fake).mean(),
        }
        # Logits, as only some value functions make probabilities of them.
        return Outcome(by_player, {"logit_real": real.mean(), "logit_fake": fake.mean()})

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("gan", loss_fn, dict.fromkeys(players, optimizer)),),
        inference={"decode": latent.generate, "prior": latent.draw},
        components=latent.p_z.components,
    )


def make_players(
    config: ConfigDict, shape: tuple[int, ...], latent: implicit.Latent
) -> dict[str, Player]:
    """Generator and discriminator from the tables of either paper whose baseline a GAN is.

    Raises:
        UserError: an impossible value, or data that do not fit the network.
    """
    if config.network.get("name") in adversarial_inference.NETWORKS:
        nets = adversarial_inference.make_networks(config, shape, latent.p_z.dim)
        generator, discriminator = nets.generator, nets.discriminator
    else:
        nets = implicit.make_networks(config, shape, latent.p_z.dim, pairs=False)
        generator, discriminator = nets.decoder, nets.image_discriminator
    return {
        "generator": Player(generator, latent.specs),
        "discriminator": Player(discriminator, (spec(*shape),)),
    }


def judge(play: Play, x: jax.Array, params: Any = None) -> jax.Array:
    """The discriminator's logits (B,), with other parameters than its own if they are given."""
    judgement = play("discriminator", x, params=params)
    return judgement.logits if isinstance(judgement, Judgement) else judgement


METHOD = Method(build, "GAN", "Generative Adversarial Nets", options)

"""InfoGAN, the baseline of "Implicit Autoencoders", Section 3: a GAN with an explicit Q(z|x).

A code is reconstructed by its likelihood under Q, where FIAE has a second discriminator.
"""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import losses, priors
from aae_jax.errors import UserError
from aae_jax.game import Batch, Code, Game, Outcome, Phase, Play, Player, spec
from aae_jax.methods import implicit, instance_noise
from aae_jax.methods.adversarial import discriminate, fool
from aae_jax.methods.method import Method
from aae_jax.optimizers import make_optimizer


def options() -> ConfigDict:
    """`config.game` with defaults: the 2-D Gaussian code of Fig. 8."""
    return ConfigDict(
        {
            **implicit.code_options(priors.gaussian(2)),  # Q does not guess n
            "information": 1.0,  # weight lambda of the information term
            **instance_noise.options(),
        }
    )


@dataclass(frozen=True)
class Posterior:
    """Q(z|x), read off what the recognition network gives, h (B, width).

    Attributes:
        width: numbers that the network gives for each example.
        nll: `nll(h, z (B, d)) -> (B,)`, -log Q(z|x).
        centre: `centre(h) -> z (B, d)`, the mean.
        draw: `draw(play, h) -> z (B, d)`.
    """

    width: int
    nll: Callable[[jax.Array, jax.Array], jax.Array]
    centre: Callable[[jax.Array], jax.Array]
    draw: Callable[[Play, jax.Array], jax.Array]


def gaussian(d: int) -> Posterior:
    """A diagonal Gaussian whose means and log standard deviations are learned (footnote 2)."""

    def nll(h: jax.Array, z: jax.Array) -> jax.Array:
        return losses.gaussian_information_loss(z, h[:, :d], h[:, d:])

    def draw(play: Play, h: jax.Array) -> jax.Array:
        return h[:, :d] + jnp.exp(h[:, d:]) * play.normal(h.shape[0], d)

    return Posterior(2 * d, nll, lambda h: h[:, :d], draw)


def categorical(k: int) -> Posterior:
    """Logits of k clusters; the centre is their probabilities, a draw one of them."""

    def draw(play: Play, h: jax.Array) -> jax.Array:
        return jax.nn.one_hot(jax.vmap(jax.random.categorical)(play.keys(h.shape[0]), h), k)

    return Posterior(k, losses.categorical_information_loss, jax.nn.softmax, draw)


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game, all players updated at once.

    Source: "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative
    Adversarial Nets", Eq. 6; "Implicit Autoencoders", Eq. 13. Q is a network of its own, as in the
    comparison with FIAE, and shares no layers with the discriminator.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `implicit.network()` or `implicit.point_network()`, `config.optimizer` one optimiser.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    weight = config.game.information
    if weight <= 0:
        raise UserError(
            f"game.information is {weight}: it must be positive; for a GAN without codes choose "
            "method gan"
        )
    blur = instance_noise.make_blur(config, steps_per_epoch)
    latent = implicit.make_latent(config)
    d = latent.p_z.dim
    q = categorical(d) if latent.categorical else gaussian(d)
    nets = implicit.make_networks(config, shape, q.width, pairs=False)
    players = {
        "generator": Player(nets.decoder, latent.specs),
        "discriminator": Player(nets.image_discriminator, (spec(*shape),)),
        "recognition": Player(nets.encoder, (spec(*shape),)),
    }

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        code = latent.draw_any(play, x.shape[0])
        x_p = latent.generate(play, code)
        fake = play("discriminator", blur(play, x_p))
        loss_d, d_x = discriminate(play("discriminator", blur(play, x)), fake)
        nll = q.nll(play("recognition", x_p), code["z"]).mean()
        by_player = {
            "discriminator": loss_d,
            "generator": fool(fake) + weight * nll,
            "recognition": weight * nll,
        }
        return Outcome(by_player, {"d_x": d_x, "code_nll": nll})

    def encode(play: Play, x: jax.Array, *, draw: bool) -> Code:
        """z ~ Q(z|x), or its centre, with an n of its own."""
        h = play("recognition", x)
        return latent.complete(play, q.draw(play, h) if draw else q.centre(h), draw=draw)

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("infogan", loss_fn, dict.fromkeys(players, optimizer)),),
        inference=implicit.inference(latent, encode, latent.generate, random=True),
        components=latent.p_z.components,
    )


METHOD = Method(
    build,
    "InfoGAN",
    "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative "
    "Adversarial Nets",
    options,
)

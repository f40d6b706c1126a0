"""The variational autoencoder, the baseline of "Adversarial Autoencoders", Section 2.1."""

import jax
from ml_collections import ConfigDict

from aae_jax import losses, priors
from aae_jax.errors import UserError
from aae_jax.game import Batch, Code, Game, Outcome, Phase, Play, Player, spec
from aae_jax.methods import autoencoder, posterior
from aae_jax.methods.draws import draw_z, reparametrise
from aae_jax.methods.method import Method
from aae_jax.optimizers import make_optimizer
from aae_jax.priors import Prior

network = autoencoder.network  # `config.network`


def options() -> ConfigDict:
    """`config.game` with defaults: the 2-D Gaussian prior of Fig. 2c."""
    return ConfigDict({"prior": priors.gaussian(2)})  # of z, whose dimensions it gives


def divergence(prior: Prior, mean: jax.Array, logvar: jax.Array, z: jax.Array) -> jax.Array:
    """KL(q(z|x) || p(z)) for q(z|x) = N(mean, diag(exp(logvar))).

    Args:
        prior: p(z), with an explicit density.
        mean: (B, d).
        logvar: (B, d).
        z: (B, d), drawn from q(z|x).

    Returns:
        (B,): the closed form where the prior has one, else log q(z|x) - log p(z), an unbiased
        estimate from one draw.
    """
    if prior.kl is not None:
        return prior.kl(mean, logvar)
    return -losses.gaussian_nll(z, mean, logvar) - prior.log_prob(z)


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `network()`, `config.optimizer` one optimiser.
        shape: shape of one example, its values in [0, 1].
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the prior has no explicit density.
    """
    autoencoder.check_network(config, network())
    if not autoencoder.in_unit_interval(config, shape):
        raise UserError(
            "the VAE's Bernoulli pixels must be between 0 and 1: choose images, with "
            "data.value_range=(0.0, 1.0) and data.standardise=False"
        )
    p_z = priors.make_prior(config.game.prior)
    if p_z.log_prob is None:
        raise UserError(
            f"game.prior.name is {config.game.prior.name!r}, whose density is not explicit as the "
            "VAE's KL needs it: choose gaussian or mixture, or method aae"
        )
    make_mlp = autoencoder.make_mlp(config)
    q = posterior.gaussian(make_mlp, shape, p_z.dim, eta=0)
    players = {
        "encoder": q.encoder,
        "decoder": Player(make_mlp(output=shape), (spec(p_z.dim),)),
    }

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        mean, logvar = posterior.moments(play, x)
        z = reparametrise(play, mean, logvar)
        nll = losses.bernoulli_reconstruction_loss(play("decoder", z), x).mean()
        kl = divergence(p_z, mean, logvar, z).mean()
        return Outcome({"encoder": nll + kl, "decoder": nll + kl}, {"nll": nll, "kl": kl})

    def draw(play: Play, component: jax.Array) -> Code:
        return {"z": draw_z(play, p_z, component)}

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("vae", loss_fn, dict.fromkeys(players, optimizer)),),
        inference={
            "encode": lambda play, x: {"z": q.centre(play, x)},
            "posterior": lambda play, x: {"z": q.draw(play, x)},
            "decode": lambda play, code: jax.nn.sigmoid(play("decoder", code["z"])),
            "prior": draw,
            **autoencoder.parts_of_prior(p_z),
        },
        components=p_z.components,
    )


METHOD = Method(build, "Variational autoencoder", "Auto-Encoding Variational Bayes", options)

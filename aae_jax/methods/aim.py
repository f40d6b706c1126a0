"""AIM, the game of "AIM: Adversarial Inference by Matching Priors and Conditionals".

A GAN with an encoder that is trained on generated images only, by the log-likelihood of the codes
that made them. It reads the discriminator's features and never updates them; where examples get
noise in training (`instance_noise`, ours), those features are of noisy ones.
"""

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks, losses, priors
from aae_jax.errors import UserError
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player, spec
from aae_jax.methods import adversarial, instance_noise
from aae_jax.methods import adversarial_inference as shared
from aae_jax.methods.draws import draw_any, reparametrise
from aae_jax.methods.method import Method
from aae_jax.optimizers import make_optimizer

VARIANCES = ("learned", "fixed")


def options(dim: int = 32) -> ConfigDict:
    """`config.game` with defaults: the standard GAN value and the weight 1/d that goes with it."""
    return ConfigDict(
        {
            "prior": priors.gaussian(dim),  # of z, whose dimensions it gives
            "value": "non_saturating",  # one of losses.VALUES: Eq. 7; Eq. 6 is fgan_kl
            "weight": 1 / dim,  # lambda of the log-likelihood: 1/d with Eq. 7, 1 with Eq. 6
            "variance": "learned",  # of q(z|x); fixed at 1 is AIM-
            **instance_noise.options(),
        }
    )


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game of Algorithm 1, all players updated at once.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `adversarial_inference.network()` or `point_network()`, `config.optimizer` one
            optimiser.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    weight, value = config.game.weight, adversarial.make_value(config)
    check(config)
    p_z = priors.make_prior(config.game.prior)
    learned = config.game.variance == "learned"
    blur = instance_noise.make_blur(config, steps_per_epoch)
    nets = shared.make_networks(config, shape, p_z.dim, variance=learned)
    players = {
        "generator": Player(nets.generator, (spec(p_z.dim),)),
        "discriminator": Player(nets.discriminator, (spec(*shape),)),
        "encoder": Player(nets.posterior, (spec(*nets.features),)),
    }

    def read(play: Play, features: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Mean and log-variance (B, d) of q(z|x) from the discriminator's features of x."""
        q = play("encoder", features)
        return q[:, 0], q[:, 1] if learned else jnp.zeros_like(q[:, 0])

    def moments(play: Play, x: jax.Array) -> tuple[jax.Array, jax.Array]:
        return read(play, play("discriminator", x).features)

    def draw(play: Play, x: jax.Array) -> jax.Array:
        """z ~ q(z|x): neighbours of x (Algorithm 2)."""
        return reparametrise(play, *moments(play, x))

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        z = draw_any(play, p_z, x.shape[0])
        real = play("discriminator", blur(play, x))
        fake = play("discriminator", blur(play, shared.generate(play, z)))
        nll = losses.gaussian_nll(z, *read(play, fake.features)).mean()
        by_player = {
            "discriminator": adversarial.discriminator_loss(real.logits, fake.logits, value),
            "generator": value.generator(fake.logits).mean() + weight * nll,
            "encoder": weight * nll,
        }
        metrics = {
            "logit_real": real.logits.mean(),
            "logit_fake": fake.logits.mean(),
            "code_nll": nll,
        }
        return Outcome(by_player, metrics)

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("aim", loss_fn, dict.fromkeys(players, optimizer)),),
        inference=shared.inference(p_z, lambda play, x: moments(play, x)[0], draw),
        components=p_z.components,
    )


def check(config: ConfigDict) -> None:
    """Raises a UserError where `config.game` cannot work."""
    game = config.game
    checks.choice("game.variance", game.variance, VARIANCES)
    if game.weight <= 0:
        raise UserError(
            f"game.weight is {game.weight}: it must be positive; for a GAN without an encoder "
            "choose method gan"
        )


_PAPER = "AIM: Adversarial Inference by Matching Priors and Conditionals"

METHOD = Method(
    build,
    "AIM",
    _PAPER,
    options,
    variant=lambda game: ("AIM-", _PAPER) if game.variance == "fixed" else None,
)

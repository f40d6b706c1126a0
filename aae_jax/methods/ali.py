"""ALI and ALICE, baselines of AIM's tables: pairs (x, z) from the encoder against the decoder's.

"Adversarially Learned Inference", and "ALICE: Towards Understanding Adversarial Learning for Joint
Distribution Matching", which adds a cost of reconstructed data: the option `cycle`.
"""

import jax
from ml_collections import ConfigDict

from aae_jax import checks, losses, priors
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player, spec
from aae_jax.methods import adversarial_inference as shared
from aae_jax.methods import instance_noise
from aae_jax.methods.adversarial import discriminator_loss, fool
from aae_jax.methods.draws import draw_any, reparametrise
from aae_jax.methods.method import Method
from aae_jax.methods.posterior import moments
from aae_jax.optimizers import make_optimizer

NORMS = {"l1": 1, "l2": 2}  # name in `config.game.norm` -> k of the norm


def options(dim: int = 32) -> ConfigDict:
    """`config.game` with defaults: ALI."""
    return ConfigDict(
        {
            "prior": priors.gaussian(dim),  # of z, whose dimensions it gives
            "cycle": 0.0,  # weight lambda of ALICE's cost of reconstructions; 0: ALI
            "norm": "l2",  # l1 or l2: how that cost measures a difference, summed over x
            **instance_noise.options_of_pairs(),
        }
    )


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game, all players updated at once.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `adversarial_inference.network()` or `point_network()`, `config.optimizer` one
            optimiser.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    check(config)
    game = config.game
    p_z = priors.make_prior(game.prior)
    nets = shared.make_networks(config, shape, p_z.dim)
    blur = instance_noise.make_blur(config, steps_per_epoch)
    blur_code = instance_noise.make_code_blur(config)
    players = {
        "encoder": Player(nets.encoder, (spec(*shape),)),
        "generator": Player(nets.generator, (spec(p_z.dim),)),
        "discriminator": Player(nets.discriminator, (spec(*shape), spec(p_z.dim))),
    }

    def draw(play: Play, x: jax.Array) -> jax.Array:
        """z~ ~ q(z|x)."""
        return reparametrise(play, *moments(play, x))

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        z_q = draw(play, x)
        z_p = draw_any(play, p_z, x.shape[0])
        x_p = shared.generate(play, z_p)
        rho_q = play("discriminator", blur(play, x), blur_code(play, z_q)).logits
        rho_p = play("discriminator", blur(play, x_p), blur_code(play, z_p)).logits
        loss_q = losses.non_saturating_inference_loss(rho_q).mean()
        loss_p = fool(rho_p)
        metrics = {"d_q": jax.nn.sigmoid(rho_q).mean(), "d_p": jax.nn.sigmoid(rho_p).mean()}
        if game.cycle:
            error = losses.cycle_loss(shared.generate(play, z_q), x, NORMS[game.norm]).mean()
            loss_q += game.cycle * error
            loss_p += game.cycle * error
            metrics["cycle"] = error
        loss_d = discriminator_loss(rho_q, rho_p)
        by_player = {"discriminator": loss_d, "generator": loss_p, "encoder": loss_q}
        return Outcome(by_player, metrics)

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("ali", loss_fn, dict.fromkeys(players, optimizer)),),
        inference=shared.inference(p_z, lambda play, x: moments(play, x)[0], draw),
        components=p_z.components,
    )


def check(config: ConfigDict) -> None:
    """Raises a UserError where `config.game` cannot work."""
    checks.at_least("game.cycle", config.game.cycle, 0)
    checks.choice("game.norm", config.game.norm, sorted(NORMS))


_ALICE = "ALICE: Towards Understanding Adversarial Learning for Joint Distribution Matching"

METHOD = Method(
    build,
    "ALI",
    "Adversarially Learned Inference",
    options,
    variant=lambda game: ("ALICE", _ALICE) if game.cycle else None,
)

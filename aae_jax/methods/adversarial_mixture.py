"""What the games of "Adversarially Learned Mixture Model" share: players, inference, losses."""

import functools
from collections.abc import Callable, Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks, losses
from aae_jax.errors import UserError
from aae_jax.game import Code, InferenceFn, Phase, Play, Player, spec
from aae_jax.methods import mixture_prior, tables
from aae_jax.methods.adversarial import discriminator_loss, fool
from aae_jax.methods.draws import reparametrise
from aae_jax.methods.mixture_prior import JointPrior
from aae_jax.networks import amm as networks
from aae_jax.networks.amm_tables import TABLES, AMMNetworks, scale
from aae_jax.optimizers import make_optimizer

# Name in `config.game.inference` -> the branch that the other reads.
LEADERS = {"q1": "y", "q2": "z", "independent": ""}
_CHOICES = {
    "inference": tuple(LEADERS),
    "prior": mixture_prior.PRIORS,
    "prior_directions": mixture_prior.DIRECTIONS,
}
_LEAST = {
    "components": 2,
    "code": 1,
    "gradient_penalty": 0,
    "prior_radius": 0,
    "prior_epochs": 0,
    "prior_first_radius": 0,
}


def network(name: str) -> ConfigDict:
    """`config.network`: a table of the paper, a factor on its widths, and what D starts from."""
    return ConfigDict(
        {
            "name": name,
            "width": 1.0,
            # "normal": N(0, 0.02^2), the paper's. "he": N(0, 2/n) for the n inputs of a unit. D has
            # no batch normalisation: from 0.02 another x moves its logit by a hundredth of what
            # another z does, on SVHN by a six thousandth, and it takes thousands of steps until D
            # compares the two.
            "discriminator_init": "he",
        }
    )


def make_networks(
    config: ConfigDict, shape: tuple[int, ...], leader: str
) -> tuple[AMMNetworks, dict[str, Player]]:
    """The networks of a table, and the players of all games but the encoder, which comes first."""
    k, d = config.game.components, config.game.code
    make, _ = TABLES[config.network.name]
    nets = scale(make(k, d, leader, shape[-1]), config.network.width)
    discriminator = nets.discriminator.clone(initial=config.network.discriminator_init)
    players = {
        "decoder": Player(nets.decoder, (spec(k), spec(d))),
        "discriminator": Player(discriminator, (spec(*shape), spec(k), spec(d))),
    }
    if config.game.prior == "learned":
        players["prior"] = Player(nets.prior, (spec(k),))
    return nets, players


def make_label_reader(nets: AMMNetworks, components: int) -> Player:
    """The part of G_z(x, y) that reads a given y."""
    widths = tuple(stage.features for stage in nets.encoder.stages)
    return Player(networks.LabelReader(widths), (spec(components),))


def infer(play: Play, x: jax.Array, *, draw: bool = True) -> Code:
    """Draws y~ and z~ from q(y, z | x) (Eqs. 8, 9), or takes their means.

    Of two branches the second reads the features of the first, as Table 3 has it, and not the draw
    made of them, as Eq. 10 has it: given x, the draws are independent.
    """
    q = play("encoder", x)
    h_y = _gaussian(play, q.y_mean, q.y_logvar, draw=draw)
    return {"y": jax.nn.softmax(h_y), "z": _gaussian(play, q.z_mean, q.z_logvar, draw=draw)}


def infer_given(
    play: Play, x: jax.Array, y: jax.Array, *, draw: bool = True, look: bool = False
) -> Code:
    """Draws z~ from q(z | x, y) (Eq. 4) for given one-hot y (B, K), or takes its mean.

    With `look` the encoder's running batch statistics stay as they are.
    """
    q = play("encoder", x, *play("label_reader", y), look=look)
    return {"y": y, "z": _gaussian(play, q.z_mean, q.z_logvar, draw=draw)}


def _gaussian(play: Play, mean: jax.Array, logvar: jax.Array, *, draw: bool) -> jax.Array:
    return reparametrise(play, mean, logvar) if draw else mean


def synthesise(play: Play, code: Code) -> jax.Array:
    """x~ = G_x(y, z)."""
    return play("decoder", code["y"], code["z"])


class Losses(NamedTuple):
    """Of one game on one batch.

    Attributes:
        discriminator: of D, its penalty included.
        synthesis: of G_x(y, z) and G_z(y).
        inference: of what made (y~, z~).
        metrics: scalars to log.
    """

    discriminator: jax.Array
    synthesis: jax.Array
    inference: jax.Array
    metrics: Mapping[str, jax.Array]


def compete(
    play: Play,
    mixture: JointPrior,
    x: jax.Array,
    infer_fn: Callable[[Play, jax.Array], Code],
    penalty: float,
) -> Losses:
    """Plays inference against synthesis: one game of Algorithms 1 and 2.

    Args:
        play: of a phase.
        mixture: p(y, z).
        x: images (B, H, W, C).
        infer_fn: `infer_fn(play, x) -> (y~, z~)`.
        penalty: lambda of Eq. 18.
    """
    n = x.shape[0]
    code_p = mixture.draw(play, mixture.draw_component(play, n))
    x_p = synthesise(play, code_p)
    code_q = infer_fn(play, x)

    discriminate = functools.partial(play, "discriminator")
    inferred = (x, code_q["y"], code_q["z"])
    synthesised = (x_p, code_p["y"], code_p["z"])
    rho_q, rho_p = discriminate(*inferred), discriminate(*synthesised)

    loss_d = discriminator_loss(rho_q, rho_p)
    metrics = {"d_q": jax.nn.sigmoid(rho_q).mean(), "d_p": jax.nn.sigmoid(rho_p).mean()}
    if penalty:
        alpha = jax.vmap(jax.random.uniform)(play.keys(n))
        norm = losses.gradient_penalty(discriminate, inferred, synthesised, alpha).mean()
        loss_d += penalty * norm
        metrics["gradient_penalty"] = norm
    return Losses(
        discriminator=loss_d,
        synthesis=fool(rho_p),
        inference=losses.non_saturating_inference_loss(rho_q).mean(),
        metrics=metrics,
    )


def of_players(players: Mapping[str, Player], one: Losses) -> dict[str, jax.Array]:
    """The loss of each player of a game."""
    roles = {
        "discriminator": one.discriminator,
        "decoder": one.synthesis,
        "prior": one.synthesis,
        "encoder": one.inference,
        "label_reader": one.inference,
    }
    return {name: roles[name] for name in players}


def one_phase(
    name: str,
    loss_fn: Callable[..., object],
    players: Mapping[str, Player],
    config: ConfigDict,
    steps_per_epoch: int,
) -> tuple[Phase]:
    """The simultaneous update of all players, as both algorithms have it."""
    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return (Phase(name, loss_fn, dict.fromkeys(players, optimizer)),)


def inference(mixture: JointPrior) -> dict[str, InferenceFn]:
    """Inference functions of a game whose encoder infers y and z from x."""
    functions = {
        "encode": functools.partial(infer, draw=False),
        "posterior": infer,
        "predict": lambda play, x: infer(play, x, draw=False)["y"],
        **synthesis(mixture),
    }
    if mixture.kind != "independent":  # else z says nothing of y
        functions["log_joint"] = mixture.log_joint
    return functions


def synthesis(mixture: JointPrior) -> dict[str, InferenceFn]:
    """Inference functions that need no encoder."""

    def prior(play: Play, component: jax.Array) -> Code:
        """A code of each component in (n,); `ANY` draws the component too."""
        drawn = mixture.draw_component(play, component.shape[0])
        return mixture.draw(play, jnp.where(component < 0, drawn, component))

    return {"decode": synthesise, "prior": prior}


def check(config: ConfigDict, shape: tuple[int, ...]) -> None:
    """Raises a UserError where `config.game` or `config.network` cannot work."""
    game = config.game
    for name, allowed in _CHOICES.items():
        if name in game:
            checks.choice(f"game.{name}", game[name], allowed)
    for name, least in _LEAST.items():
        checks.at_least(f"game.{name}", game[name], least)
    orthogonal = game.prior == "fixed" and game.prior_directions == "orthogonal"
    if orthogonal and game.components > (fit := 2 * game.code):
        raise UserError(
            f"game.components is {game.components}: of orthogonal directions and their opposites "
            f"there are {fit} in the {game.code} dimensions of game.code. Raise it, or set "
            'game.prior_directions="random"'
        )
    tables.check_fields(config, {name: network(name) for name in TABLES})
    tables.check_images(config, shape, size=TABLES[config.network.name][1])
    init = config.network.discriminator_init
    checks.choice("network.discriminator_init", init, networks.DISCRIMINATOR_INITS)

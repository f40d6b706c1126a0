"""AMM, the game of "Adversarially Learned Mixture Model": Algorithm 1, Eqs. 6 to 13, 18 and 19."""

import functools

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import losses, priors
from aae_jax.errors import UserError
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player
from aae_jax.methods import tables
from aae_jax.networks import amm as networks
from aae_jax.optimizers import make_optimizer

Code = dict[str, jax.Array]


def options() -> ConfigDict:
    """`config.game` with the paper's defaults."""
    return ConfigDict(
        {
            "components": 10,  # K
            "code": 64,  # dimensions of z
            "inference": "q2",  # q1 (Eq. 6) or q2 (Eq. 7, the published tables)
            "prior": "learned",  # learned: p(z|y) is a network (Eq. 12); fixed: unit Gaussians
            "prior_radius": 4.0,  # length of the means of the fixed prior
            "gradient_penalty": 10.0,  # lambda of Eq. 18
        }
    )


def network(name: str) -> ConfigDict:
    """`config.network`: a table of the paper, and a factor on its widths."""
    return ConfigDict({"name": name, "width": 1.0})


def infer(play: Play, x: jax.Array, *, draw: bool = True) -> Code:
    """Draws y~ and z~ from q(y, z | x) (Eqs. 8 to 10), or takes their means."""
    q = play("encoder", x)
    h_y, z = q.y_mean, q.z_mean
    if draw:
        h_y += jnp.exp(0.5 * q.y_logvar) * play.normal(*h_y.shape)
        z += jnp.exp(0.5 * q.z_logvar) * play.normal(*z.shape)
    return {"y": jax.nn.softmax(h_y), "z": z}


def synthesise(play: Play, code: Code) -> jax.Array:
    """x~ = G_x(y, z)."""
    return play("decoder", code["y"], code["z"])


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `network()`, its name one of `aae_jax.networks.amm.TABLES`.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the images do not fit the network.
    """
    check(config, shape)
    k, d, penalty = config.game.components, config.game.code, config.game.gradient_penalty
    make_networks, _ = networks.TABLES[config.network.name]
    leader = {"q1": "y", "q2": "z"}[config.game.inference]
    nets = networks.scale(make_networks(k, d, leader, shape[-1]), config.network.width)

    x_spec, y_spec, z_spec = (
        jax.ShapeDtypeStruct((2, *s), jnp.float32) for s in (shape, (k,), (d,))
    )
    players = {
        "encoder": Player(nets.encoder, (x_spec,)),
        "decoder": Player(nets.decoder, (y_spec, z_spec)),
        "discriminator": Player(nets.discriminator, (x_spec, y_spec, z_spec)),
    }
    learned = config.game.prior == "learned"
    if learned:
        players["prior"] = Player(nets.prior, (y_spec,))
    means = priors.mixture_means(k, d, config.game.prior_radius)

    def p_z_given_y(play: Play, y: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Mean and log-variance of p(z|y) for one-hot y (n, K)."""
        if learned:
            return play("prior", y)
        mean = y @ jnp.asarray(means)
        return mean, jnp.zeros_like(mean)

    def draw_code(play: Play, y: jax.Array) -> Code:
        """z ~ p(z|y) for y one-hot (Eq. 12)."""
        mean, logvar = p_z_given_y(play, y)
        return {"y": y, "z": mean + jnp.exp(0.5 * logvar) * play.normal(*mean.shape)}

    def draw_component(play: Play, n: int) -> jax.Array:
        """y ~ p(y), uniform over the components."""
        return jax.vmap(lambda key: jax.random.randint(key, (), 0, k))(play.keys(n))

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x = batch["x"]
        n = x.shape[0]
        code_p = draw_code(play, jax.nn.one_hot(draw_component(play, n), k))
        x_p = synthesise(play, code_p)
        code_q = infer(play, x)

        discriminate = functools.partial(play, "discriminator")
        inferred = (x, code_q["y"], code_q["z"])
        synthesised = (x_p, code_p["y"], code_p["z"])
        rho_q, rho_p = discriminate(*inferred), discriminate(*synthesised)

        loss_d = losses.real_loss(rho_q).mean() + losses.fake_loss(rho_p).mean()
        metrics = {"d_q": jax.nn.sigmoid(rho_q).mean(), "d_p": jax.nn.sigmoid(rho_p).mean()}
        if penalty:
            alpha = jax.vmap(jax.random.uniform)(play.keys(n))
            norm = losses.gradient_penalty(discriminate, inferred, synthesised, alpha).mean()
            loss_d += penalty * norm
            metrics["gradient_penalty"] = norm
        loss_p = losses.non_saturating_generator_loss(rho_p).mean()
        loss_q = losses.non_saturating_inference_loss(rho_q).mean()
        by_player = {"discriminator": loss_d, "decoder": loss_p, "encoder": loss_q}
        if learned:
            by_player["prior"] = loss_p
        return Outcome(by_player, metrics)

    def prior(play: Play, component: jax.Array) -> Code:
        """A code of each component in (n,); -1 draws the component too."""
        drawn = draw_component(play, component.shape[0])
        y = jnp.where(component < 0, drawn, component)
        return draw_code(play, jax.nn.one_hot(y, k))

    def log_joint(play: Play, z: jax.Array) -> jax.Array:
        mean, logvar = p_z_given_y(play, jnp.eye(k))
        return priors.gaussian_log_prob(z, mean, logvar) - jnp.log(k)

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("amm", loss_fn, {name: optimizer for name in players}),),
        inference={
            "encode": functools.partial(infer, draw=False),
            "posterior": infer,
            "decode": synthesise,
            "prior": prior,
            "predict": lambda play, x: infer(play, x, draw=False)["y"],
            "log_joint": log_joint,
        },
        components=k,
    )


def check(config: ConfigDict, shape: tuple[int, ...]) -> None:
    """Raises a UserError where `config.game` or `config.network` cannot work."""
    game = config.game
    for name, allowed in {"inference": ("q1", "q2"), "prior": ("learned", "fixed")}.items():
        if game[name] not in allowed:
            raise UserError(f"game.{name} is {game[name]!r}: choose one of {', '.join(allowed)}")
    for name, least in {"components": 2, "code": 1}.items():
        if game[name] < least:
            raise UserError(f"game.{name} is {game[name]}: it must be at least {least}")
    for name in ("gradient_penalty", "prior_radius"):
        if game[name] < 0:
            raise UserError(f"game.{name} is {game[name]}: it must not be negative")
    tables.check_fields(config, {name: network(name) for name in networks.TABLES})
    tables.check_images(config, shape, size=networks.TABLES[config.network.name][1])

"""What AIM and the games it is compared with share: networks, their checks, Gaussian posteriors."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax.errors import UserError
from aae_jax.game import InferenceFn, Play
from aae_jax.methods import tables
from aae_jax.networks import aim as networks
from aae_jax.priors import Prior


def network(name: str) -> ConfigDict:
    """`config.network` for images: a table of AIM's paper, and a factor on its widths."""
    return ConfigDict({"name": name, "width": 1.0})


def point_network() -> ConfigDict:
    """`config.network` for points: fully connected networks, whose sizes the paper keeps."""
    return ConfigDict(
        {
            "name": "aim_points",
            "hidden": (128, 128),  # widths of the ReLU layers of all networks
            "batch_norm": False,  # in the generator and the encoder
            # The 0.02 of images would leave what comes of two coordinates all but constant.
            "init_std": 0.1,
        }
    )


# Name of a table -> `config.network`.
NETWORKS = {name: network(name) for name in networks.TABLES} | {"aim_points": point_network()}


def make_networks(
    config: ConfigDict, shape: tuple[int, ...], code: int, *, variance: bool = True
) -> networks.Networks:
    """The networks that `config.network` describes.

    Args:
        config: `config.network` as `network()` or `point_network()`.
        shape: (H, W, C) of an image or (D,) of a point.
        code: dimensions of z.
        variance: whether q(z|x) has one; else the encoder gives a mean alone.

    Raises:
        UserError: an unknown table, an impossible value, or data that do not fit the table.
    """
    net = config.network
    tables.check_fields(config, NETWORKS)
    if net.name == "aim_points":
        tables.check_points(config, shape, networks.TABLES)
        return networks.points(
            shape,
            code,
            variance=variance,
            hidden=tuple(net.hidden),
            batch_norm=net.batch_norm,
            init_std=net.init_std,
        )
    make, size, reach = networks.TABLES[net.name]
    tables.check_images(config, shape, size, reach)
    return make(shape, code, variance=variance, width=net.width)


def noise_options() -> dict[str, Any]:
    """Fields of `config.game` for noise on what a discriminator sees; without noise by default."""
    return {
        "noise": 0.0,  # standard deviation of Gaussian noise on real and made examples, at first
        "noise_epochs": 0.0,  # epochs in which it falls to nothing, linearly
    }


def make_blur(config: ConfigDict, steps_per_epoch: int) -> Callable[[Play, jax.Array], jax.Array]:
    """Instance noise, `blur(play, x)`: ours, for games that miss modes far from each other.

    While the noise is wide the modes overlap, so that a generator finds them all; it keeps them as
    the noise falls. Only training has it.

    Raises:
        UserError: an impossible value.
    """
    std, epochs = config.game.noise, config.game.noise_epochs
    if std < 0:
        raise UserError(f"game.noise is {std}: it must be 0 or more")
    if std and epochs <= 0:
        raise UserError(
            f"game.noise_epochs is {epochs}: give the number of epochs in which game.noise={std} "
            "falls to nothing"
        )

    def blur(play: Play, x: jax.Array) -> jax.Array:
        if not (std and play.train):
            return x
        left = jnp.maximum(0.0, 1.0 - play.step / (epochs * steps_per_epoch))
        return x + std * left * play.normal(*x.shape)

    return blur


def draw_any(play: Play, p_z: Prior, n: int) -> jax.Array:
    """z (n, d) ~ p(z)."""
    return p_z.sample(play.keys(n), jnp.full(n, -1))


def generate(play: Play, z: jax.Array) -> jax.Array:
    """x~ = G(z)."""
    return play("generator", z)


def inference(
    p_z: Prior,
    mean: Callable[[Play, jax.Array], jax.Array],
    draw: Callable[[Play, jax.Array], jax.Array] | None = None,
) -> dict[str, InferenceFn]:
    """Inference functions of a game whose encoder gives a code z (B, d) for x.

    Args:
        p_z: prior of z.
        mean: `mean(play, x) -> z`, without randomness.
        draw: `draw(play, x) -> z ~ q(z|x)`, None where q(z|x) is no distribution.
    """
    functions: dict[str, InferenceFn] = {
        "encode": lambda play, x: {"z": mean(play, x)},
        "decode": lambda play, code: generate(play, code["z"]),
        "prior": lambda play, component: {
            "z": p_z.sample(play.keys(component.shape[0]), component)
        },
    }
    if draw is not None:
        functions["posterior"] = lambda play, x: {"z": draw(play, x)}
    return functions

"""What AIM and the games it is compared with share: networks, their checks, Gaussian posteriors."""

from collections.abc import Callable

import jax
from ml_collections import ConfigDict

from aae_jax.game import InferenceFn, Play
from aae_jax.methods import tables
from aae_jax.methods.draws import draw_z
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
        "prior": lambda play, component: {"z": draw_z(play, p_z, component)},
    }
    if draw is not None:
        functions["posterior"] = lambda play, x: {"z": draw(play, x)}
    return functions

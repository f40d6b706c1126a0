"""What the games with tables of networks share: checks of `config.network`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ml_collections import ConfigDict

from aae_jax import checks
from aae_jax import config as base
from aae_jax.errors import UserError


def check_fields(config: ConfigDict, known: Mapping[str, ConfigDict]) -> None:
    """Refuses an unknown table, and fields that are those of another.

    Args:
        config: an experiment's config.
        known: name of a table -> `config.network` with its fields.

    Raises:
        UserError: on either.
    """
    net = config.network
    if "name" not in net:
        raise UserError(
            f"config.network has no name: give one of {', '.join(sorted(known))}, and its fields"
        )
    checks.choice("network.name", net.name, sorted(known))
    base.check_names(net, known[net.name], "config.network", f"network {net.name}")


def check_widths(field: str, widths: Any, example: str) -> None:
    """Refuses what are no widths of layers.

    Raises:
        UserError: none at all, or one that is no whole number of at least 1.
    """
    counts = [type(width) is int and width >= 1 for width in widths]
    if not counts or not all(counts):
        raise UserError(f"{field} is {widths}: give widths, as {example}")


def check_points(config: ConfigDict, shape: tuple[int, ...], image_tables: Iterable[str]) -> None:
    """Refuses what fully connected networks for points cannot take.

    Args:
        config: `config.network` with `name`, `hidden` and `init_std`.
        shape: shape of one example.
        image_tables: names of tables for images, offered instead.

    Raises:
        UserError: impossible widths or weights, or examples that are no points.
    """
    net = config.network
    check_widths("network.hidden", net.hidden, "(128, 128)")
    checks.positive("network.init_std", net.init_std)
    if len(shape) != 1:
        raise UserError(
            f"network {net.name} takes points but the data has shape {shape}: start from a config "
            f"with the networks of {', '.join(sorted(image_tables))}"
        )


def check_images(
    config: ConfigDict,
    shape: tuple[int, ...],
    size: int,
    reach: Sequence[float] | None = None,
) -> None:
    """Refuses what a table for images cannot take.

    Args:
        config: `config.network` with `name` and `width`.
        shape: shape of one example.
        size: height and width of the images that the table is made for.
        reach: the least and the greatest pixel that its decoder's last activation can make, None
            where it has none.

    Raises:
        UserError: an impossible width, other images, or pixels out of reach.
    """
    net = config.network
    checks.positive("network.width", net.width)
    if len(shape) != 3:
        raise UserError(
            f"network {net.name} takes images but the data are points of shape {shape}: start from "
            "a config for points"
        )
    if shape[:2] != (size, size):
        raise UserError(
            f"network {net.name} takes {size}x{size} images but the data has shape {shape}: set "
            f"data.image_size={size} and data.resize=bilinear"
        )
    lo, hi = config.data.value_range
    if reach and (config.data.standardise or lo < reach[0] or hi > reach[1]):
        raise UserError(
            f"network {net.name} makes pixels in {tuple(reach)}: set "
            f"data.value_range={tuple(reach)} and data.standardise=False"
        )

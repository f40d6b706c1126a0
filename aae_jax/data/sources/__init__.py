"""Sources of examples: one file per kind, one table from names to them."""

from collections.abc import Callable

from ml_collections import ConfigDict

from aae_jax import user_code
from aae_jax.data.sources import (
    captioned_folder,
    captioned_shapes,
    digits,
    folder,
    npz,
    points,
    random_images,
    stored,
    tfd,
)
from aae_jax.data.sources.base import Source, in_memory
from aae_jax.errors import UserError

__all__ = ["POINTS", "SOURCES", "WITHOUT_FILES", "Source", "in_memory", "open_source"]

# Sets that need no files, and formats that name no set. Every other name is a stored set (MNIST,
# SVHN, CIFAR-10, any TFDS image set), which `stored` looks for on disk.
SOURCES: dict[str, Callable[[ConfigDict], Source]] = {
    "digits": digits.open_source,
    "gaussian_grid": points.open_grid,
    "gaussian_ring": points.open_ring,
    "four_points": points.open_four_points,
    "random": random_images.open_source,
    "captioned_shapes": captioned_shapes.open_source,
    "captioned_folder": captioned_folder.open_source,
    "image_folder": folder.open_source,
    "npz": npz.open_source,
    "tfd": tfd.open_source,
}

POINTS = ("gaussian_grid", "gaussian_ring", "four_points")  # of the plane
WITHOUT_FILES = ("digits", *POINTS, "random", "captioned_shapes")
_GENERATED = WITHOUT_FILES[1:]


def open_source(config: ConfigDict) -> Source:
    """Opens the source that `config.name` and `config.dir` mean.

    A name in `SOURCES`, a stored set's, or `module:open_source`, a user's own function of the
    config of the data.

    Raises:
        UserError: nothing of that name is found, or what is found cannot be used.
    """
    name = config.name
    if not name:
        raise UserError("data.name is empty: name a data set, e.g. data.name=mnist or digits")
    if ":" in name:
        return _own(config)
    if name in WITHOUT_FILES and config.dir:
        raise UserError(f"data.name='{name}' reads no files: leave data.dir empty")
    if name not in _GENERATED and config.size:
        raise UserError(
            f"data.size={config.size} is for generated sets, not for data.name='{name}': cut "
            f"splits instead, e.g. data.train_split='train[:{config.size}]'"
        )
    if name in SOURCES:
        return SOURCES[name](config)
    return stored.open_source(name, config.dir)


def _own(config: ConfigDict) -> Source:
    open_fn = user_code.find(config.name, "data.name", "a function of config.data")
    with user_code.blamed(f"{config.name}(config.data)"):
        source = open_fn(config)
    if not isinstance(source, Source):
        raise UserError(
            f"{config.name}(config.data) gives {type(source).__name__}: it must give a Source, as "
            "aae_jax.data.sources.in_memory makes one of arrays"
        )
    return source

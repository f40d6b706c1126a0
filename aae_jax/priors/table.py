"""The table of priors: `config.game.prior` and what it makes."""

from ml_collections import ConfigDict

from aae_jax import checks
from aae_jax.errors import UserError
from aae_jax.priors.base import Prior
from aae_jax.priors.categorical import Categorical
from aae_jax.priors.function import Function
from aae_jax.priors.gaussian import Gaussian
from aae_jax.priors.mixture import Mixture
from aae_jax.priors.swiss_roll import SwissRoll


def gaussian(dim: int, std: float = 1.0) -> ConfigDict:
    """Config of N(0, std^2 I) in `dim` dimensions."""
    return ConfigDict({"name": "gaussian", "dim": dim, "std": std})


def mixture(components: int = 10) -> ConfigDict:
    """Config of 2-D Gaussians on a circle; see `Mixture` for its numbers."""
    return ConfigDict(
        {
            "name": "mixture",
            "components": components,
            "radius": 1.4,
            "radial_std": 0.5,
            "tangential_std": 0.1,
        }
    )


def swiss_roll(components: int = 10) -> ConfigDict:
    """Config of the 2-D swiss roll, cut into sections."""
    # The paper's roll has a width but no number; a tenth leaves its arms, 1.5 apart, separate.
    return ConfigDict({"name": "swiss_roll", "components": components, "std": 0.1})


def categorical(components: int, softness: float = 0.0) -> ConfigDict:
    """Config of one-hot vectors or, with some softness, of vectors near them; see `Categorical`."""
    return ConfigDict({"name": "categorical", "components": components, "softness": softness})


def function(function: str, dim: int, components: int = 0) -> ConfigDict:
    """Config of a user's own prior: `function(key, n, labels) -> (n, dim)`, "module:function"."""
    return ConfigDict(
        {"name": "function", "function": function, "dim": dim, "components": components}
    )


# Name in `config.game.prior.name` -> what it makes, from which fields.
PRIORS: dict[str, tuple[type[Prior], ConfigDict]] = {
    "gaussian": (Gaussian, gaussian(2)),
    "mixture": (Mixture, mixture()),
    "swiss_roll": (SwissRoll, swiss_roll()),
    "categorical": (Categorical, categorical(10)),
    "function": (Function, function("", 2)),
}


def make_prior(config: ConfigDict) -> Prior:
    """Builds the prior that a config describes.

    Args:
        config: `config.game.prior`: `name` and that prior's fields, as `gaussian()`, `mixture()`
            and the others return them.

    Raises:
        UserError: unknown prior or field, or an impossible value.
    """
    if not isinstance(config, ConfigDict) or config.get("name") not in PRIORS:
        name = config.get("name") if isinstance(config, ConfigDict) else config
        checks.choice("game.prior.name", name, sorted(PRIORS))
    make, example = PRIORS[config.name]
    if set(config) != set(example):
        fields = ", ".join(sorted(set(example) - {"name"}))
        raise UserError(
            f"game.prior has the fields {', '.join(sorted(set(config) - {'name'}))}: the prior "
            f"{config.name} has {fields}; start from priors.{config.name}()"
        )
    return make(**{field: value for field, value in config.items() if field != "name"})

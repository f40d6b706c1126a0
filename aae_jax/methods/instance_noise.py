"""Instance noise on what a discriminator sees: ours, for any game that has one.

On examples: while it is wide, modes overlap, so that a generator finds them all, and real and made
examples overlap, so that they are harder to tell apart; what has been found is kept as the noise
falls.

On codes, where a discriminator judges pairs (x, z): codes that an encoder infers and codes that the
prior draws differ in themselves, as inferred ones lack what x does not tell of them. Told apart by
that, pairs teach the generator nothing of x. This noise does not fall.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks
from aae_jax.errors import UserError
from aae_jax.game import Play


def options() -> dict[str, Any]:
    """Fields of `config.game` for it; without noise by default."""
    return {
        "noise": 0.0,  # standard deviation of Gaussian noise on real and made examples, at first
        "noise_epochs": 0.0,  # epochs in which it falls to nothing, linearly
    }


def options_of_pairs() -> dict[str, Any]:
    """The same for a discriminator of pairs (x, z)."""
    return {
        **options(),
        "code_noise": 0.0,  # standard deviation of Gaussian noise on inferred and drawn codes
    }


def make_blur(config: ConfigDict, steps_per_epoch: int) -> Callable[[Play, jax.Array], jax.Array]:
    """Makes `blur(play, x)`, which adds the noise to x; only training has it.

    Raises:
        UserError: an impossible value.
    """
    std, epochs = config.game.noise, config.game.noise_epochs
    checks.at_least("game.noise", std, 0)
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


def make_code_blur(config: ConfigDict) -> Callable[[Play, jax.Array], jax.Array]:
    """Makes `blur_code(play, z)`, which adds `game.code_noise` to z; only training has it.

    Raises:
        UserError: an impossible value.
    """
    std = config.game.code_noise
    checks.at_least("game.code_noise", std, 0)

    def blur_code(play: Play, z: jax.Array) -> jax.Array:
        return z + std * play.normal(*z.shape) if std and play.train else z

    return blur_code

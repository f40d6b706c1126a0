"""Losses that most games share: a discriminator's, and that of whoever fools it."""

import jax
from ml_collections import ConfigDict

from aae_jax import checks, losses

_CROSS_ENTROPY = losses.VALUES["non_saturating"]


def discriminator_loss(
    real: jax.Array, fake: jax.Array, value: losses.AdversarialValue = _CROSS_ENTROPY
) -> jax.Array:
    """A discriminator's loss, scalar, from its logits: real ones (B,) and fake ones (B',)."""
    return value.real(real).mean() + value.fake(fake).mean()


def discriminate(real: jax.Array, fake: jax.Array) -> tuple[jax.Array, jax.Array]:
    """A discriminator's loss, scalar, and the mean probability that it gives the negatives."""
    return discriminator_loss(real, fake), jax.nn.sigmoid(fake).mean()


def fool(fake: jax.Array) -> jax.Array:
    """-log D of the negatives, scalar: the loss of whoever makes them."""
    return losses.non_saturating_generator_loss(fake).mean()


def make_value(config: ConfigDict) -> losses.AdversarialValue:
    """The value function that `config.game.value` names.

    Raises:
        UserError: unknown name.
    """
    checks.choice("game.value", config.game.value, losses.VALUES)
    return losses.VALUES[config.game.value]

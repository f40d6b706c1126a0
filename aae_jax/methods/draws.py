"""How the games draw codes: from a prior, and from a Gaussian whose moments a network gives."""

import jax
import jax.numpy as jnp

from aae_jax.game import Play
from aae_jax.priors import ANY, Prior


def draw_z(play: Play, prior: Prior, component: jax.Array) -> jax.Array:
    """z (n, d) ~ p(z) of the components int32 (n,), `ANY` for the whole prior."""
    return prior.sample(play.keys(component.shape[0]), component)


def draw_any(play: Play, prior: Prior, n: int) -> jax.Array:
    """z (n, d) ~ p(z)."""
    return draw_z(play, prior, jnp.full(n, ANY))


def reparametrise(play: Play, mean: jax.Array, logvar: jax.Array) -> jax.Array:
    """Draws z (B, d) of N(mean, diag(exp(logvar))) so that gradients reach the moments (B, d)."""
    return mean + jnp.exp(0.5 * logvar) * play.normal(*mean.shape)

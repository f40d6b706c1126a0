"""What every prior gives, and what some give besides."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from aae_jax.errors import UserError

ANY = -1  # in the place of a component: the whole prior


class Prior:
    """A distribution p(z) of codes.

    Attributes:
        dim: dimensions of z.
        components: number K of its labelled parts, 0 where it has none.
        component_of: `component_of(z (B, dim)) -> (B,) int32`, the part that z most likely comes
            from; None where there are no such parts.
        log_prob: `log_prob(z (B, dim)) -> (B,)`, log p(z); None where the density is not explicit.
        kl: `kl(mean (B, dim), logvar (B, dim)) -> (B,)`, the divergence of a diagonal Gaussian from
            the prior; None where it has no closed form.
        axis: `axis(u (B,)) -> (B, dim)`, the point of the prior's axis at u in [0, 1]; None where
            it has none.
    """

    dim: int
    components: int = 0
    component_of: Callable[[jax.Array], jax.Array] | None = None
    log_prob: Callable[[jax.Array], jax.Array] | None = None
    kl: Callable[[jax.Array, jax.Array], jax.Array] | None = None
    axis: Callable[[jax.Array], jax.Array] | None = None

    def draw(self, key: jax.Array, component: jax.Array) -> jax.Array:
        """Draws one z (dim,) from a scalar key and an int32 component."""
        raise NotImplementedError

    def sample(self, keys: jax.Array, component: jax.Array) -> jax.Array:
        """Draws codes, each from a key of its own.

        Args:
            keys: (B,).
            component: int32 (B,) in [0, K), or `ANY` to draw from the whole prior.

        Returns:
            z (B, dim).
        """
        return jax.vmap(self.draw)(keys, component)


def pick(key: jax.Array, component: jax.Array, components: int) -> jax.Array:
    """The component itself, or for `ANY` one of all, uniformly: int32 scalars."""
    return jnp.where(component < 0, jax.random.randint(key, (), 0, components), component)


def require(holds: bool, field: str, value: Any, what: str) -> None:
    """Refuses an impossible field of `config.game.prior`.

    Raises:
        UserError: it does not hold.
    """
    if not holds:
        raise UserError(f"game.prior.{field} is {value!r}: it must be {what}")

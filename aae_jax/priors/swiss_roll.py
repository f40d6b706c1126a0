"""The swiss roll of Fig. 4c of "Adversarial Autoencoders"."""

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp

from aae_jax.priors.base import Prior, require

_RADIUS, _ANGLE = 3.0, 4 * math.pi  # of the outer end: two turns, their arms 1.5 apart
_PLACES = 100  # on the axis of each section, to find the nearest


@dataclass(frozen=True)
class SwissRoll(Prior):
    """A Gaussian whose mean runs along the axis of a swiss roll, uniformly in u.

    The axis at u in [0, 1] is at radius 3 sqrt(u) and angle 4 pi sqrt(u); component k is the part
    with u between k / K and (k + 1) / K.

    Attributes:
        components: K, sections of the axis, of equal length in u (along the axis they differ by
            2 %, but for the innermost, which is 14 % longer).
        std: of the Gaussian around its mean; 0 for the bare axis.
    """

    components: int = 10
    std: float = 0.1

    dim = 2

    def __post_init__(self) -> None:
        require(self.components >= 1, "components", self.components, "at least 1")
        require(self.std >= 0, "std", self.std, "0 or more")

    def draw(self, key: jax.Array, component: jax.Array) -> jax.Array:
        """One z (2,) of a section, or of the whole roll."""
        key_u, key_z = jax.random.split(key)
        u = jax.random.uniform(key_u)
        u = jnp.where(component < 0, u, (component + u) / self.components)
        return self.axis(u[None])[0] + self.std * jax.random.normal(key_z, (2,))

    def axis(self, u: jax.Array) -> jax.Array:
        """Points (B, 2) of the axis at u (B,), from 0 in the centre to 1 at the outer end."""
        root = jnp.sqrt(u)
        angle = _ANGLE * root
        return _RADIUS * jnp.stack([root * jnp.cos(angle), root * jnp.sin(angle)], axis=1)

    def component_of(self, z: jax.Array) -> jax.Array:
        """The section of the axis that is nearest to z (B, 2): int32 (B,)."""
        places = self.components * _PLACES
        axis = self.axis((jnp.arange(places) + 0.5) / places)
        distance = jnp.square(z[:, None] - axis[None]).sum(axis=2)
        return (jnp.argmin(distance, axis=1) // _PLACES).astype(jnp.int32)

"""The mixture of 2-D Gaussians of Figs. 2b and 4a of "Adversarial Autoencoders"."""

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp

from aae_jax.priors.base import Prior, pick, require


@dataclass(frozen=True)
class Mixture(Prior):
    """K equally probable 2-D Gaussians on a circle, each elongated along its radius.

    The centre of component k is at the angle 2 pi k / K. The paper draws the mixture without
    giving its numbers; the defaults are those of public reproductions, for ten components.

    Attributes:
        components: K.
        radius: of the circle of centres.
        radial_std: standard deviation along the radius.
        tangential_std: standard deviation across it.
    """

    components: int = 10
    radius: float = 1.4
    radial_std: float = 0.5
    tangential_std: float = 0.1

    dim = 2

    def __post_init__(self) -> None:
        require(self.components >= 1, "components", self.components, "at least 1")
        require(self.radius >= 0, "radius", self.radius, "0 or more")
        for field in ("radial_std", "tangential_std"):
            require(getattr(self, field) > 0, field, getattr(self, field), "positive")

    def draw(self, key: jax.Array, component: jax.Array) -> jax.Array:
        """One z (2,) of a component, or of the whole mixture."""
        key_k, key_z = jax.random.split(key)
        angle = pick(key_k, component, self.components) * (2 * math.pi / self.components)
        cos, sin = jnp.cos(angle), jnp.sin(angle)
        noise = jax.random.normal(key_z, (2,))
        radial = self.radius + self.radial_std * noise[0]
        tangential = self.tangential_std * noise[1]
        return jnp.stack([cos * radial - sin * tangential, sin * radial + cos * tangential])

    def _log_prob_by_component(self, z: jax.Array) -> jax.Array:
        """log p(z | k) of z (B, 2): (B, K)."""
        angle = jnp.arange(self.components)[None, :] * (2 * math.pi / self.components)
        cos, sin = jnp.cos(angle), jnp.sin(angle)
        # Turned back by the angle, a component is a diagonal Gaussian at (radius, 0).
        radial = cos * z[:, :1] + sin * z[:, 1:] - self.radius
        tangential = cos * z[:, 1:] - sin * z[:, :1]
        squares = (radial / self.radial_std) ** 2 + (tangential / self.tangential_std) ** 2
        return -0.5 * squares - math.log(2 * math.pi * self.radial_std * self.tangential_std)

    def log_prob(self, z: jax.Array) -> jax.Array:
        """log p(z) of z (B, 2): (B,)."""
        by_component = self._log_prob_by_component(z)
        return jax.nn.logsumexp(by_component, axis=1) - math.log(self.components)

    def component_of(self, z: jax.Array) -> jax.Array:
        """The most probable component of z (B, 2): int32 (B,)."""
        return jnp.argmax(self._log_prob_by_component(z), axis=1).astype(jnp.int32)

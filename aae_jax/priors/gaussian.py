"""The Gaussian prior of Fig. 2a and of the likelihood runs of "Adversarial Autoencoders"."""

import math
from dataclasses import dataclass

import jax

from aae_jax import losses
from aae_jax.priors.base import Prior, require


@dataclass(frozen=True)
class Gaussian(Prior):
    """N(0, std^2 I).

    Attributes:
        dim: dimensions of z.
        std: standard deviation of each.
    """

    dim: int
    std: float = 1.0

    def __post_init__(self) -> None:
        require(self.dim >= 1, "dim", self.dim, "at least 1")
        require(self.std > 0, "std", self.std, "positive")

    def draw(self, key: jax.Array, component: jax.Array) -> jax.Array:
        """One z (dim,); the prior has no components to choose from."""
        del component
        return self.std * jax.random.normal(key, (self.dim,))

    def log_prob(self, z: jax.Array) -> jax.Array:
        """log p(z) of z (B, dim): (B,)."""
        return losses.gaussian_log_prob(z, 0.0, self.std)

    def kl(self, mean: jax.Array, logvar: jax.Array) -> jax.Array:
        """KL(N(mean, diag(exp(logvar))) || p), moments (B, dim) to (B,)."""
        # In units of std the prior is the standard one, and a divergence has no units.
        return losses.gaussian_kl(mean / self.std, logvar - 2 * math.log(self.std))

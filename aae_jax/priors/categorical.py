"""The categorical prior of the codes y that stand for a class or a cluster."""

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp

from aae_jax.priors.base import Prior, pick, require


@dataclass(frozen=True)
class Categorical(Prior):
    """One-hot vectors, all equally probable, or vectors near them, as a softmax gives them.

    A softmax never gives a one-hot vector, so that a discriminator can tell its codes from one-hot
    draws by that alone, whatever the clusters. Of softness s the draws are softmax((e_k + s n) / s)
    with n ~ N(0, I): the corner e_k itself for s = 0. That is ours.

    Attributes:
        components: K, the number of classes and of dimensions.
        softness: s, at least 0.
    """

    components: int
    softness: float = 0.0

    def __post_init__(self) -> None:
        require(self.components >= 2, "components", self.components, "at least 2")
        require(0 <= self.softness < math.inf, "softness", self.softness, "0 or more")

    @property
    def dim(self) -> int:
        """Dimensions of a draw."""
        return self.components

    def draw(self, key: jax.Array, component: jax.Array) -> jax.Array:
        """One vector (K,) of probabilities."""
        corner = jax.nn.one_hot(pick(key, component, self.components), self.components)
        if self.softness == 0:
            return corner
        noise = jax.random.normal(jax.random.fold_in(key, 1), corner.shape)
        return jax.nn.softmax(corner / self.softness + noise)

    def component_of(self, z: jax.Array) -> jax.Array:
        """The largest entry of z (B, K): int32 (B,)."""
        return jnp.argmax(z, axis=1).astype(jnp.int32)

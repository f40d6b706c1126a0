"""The categorical prior of the codes y that stand for a class or a cluster."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp

from aae_jax.priors.base import Prior, pick, require


@dataclass(frozen=True)
class Categorical(Prior):
    """One-hot vectors, all equally probable.

    Attributes:
        components: K, the number of classes and of dimensions.
    """

    components: int

    def __post_init__(self) -> None:
        require(self.components >= 2, "components", self.components, "at least 2")

    @property
    def dim(self) -> int:
        """Dimensions of a one-hot vector."""
        return self.components

    def draw(self, key: jax.Array, component: jax.Array) -> jax.Array:
        """One one-hot vector (K,)."""
        return jax.nn.one_hot(pick(key, component, self.components), self.components)

    def component_of(self, z: jax.Array) -> jax.Array:
        """The largest entry of z (B, K): int32 (B,)."""
        return jnp.argmax(z, axis=1).astype(jnp.int32)

"""Mixtures whose components have a mean in every dimension, as AMM's."""

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax import losses


def mixture_means(components: int, dim: int, radius: float) -> np.ndarray:
    """Means of a fixed mixture of unit Gaussians: random directions of one length.

    The paper fixes no means; directions drawn once from a constant seed are close to orthogonal in
    64 dimensions, for any number of components.

    Args:
        components: K.
        dim: dimensions of z.
        radius: length of each mean.

    Returns:
        Means (K, dim), the same in every run.
    """
    means = np.random.default_rng(0).normal(size=(components, dim))
    means *= radius / np.linalg.norm(means, axis=1, keepdims=True)
    return means.astype(np.float32)


def gaussian_log_prob(z: jax.Array, mean: jax.Array, logvar: jax.Array) -> jax.Array:
    """Log density of z (B, d) under K diagonal Gaussians with moments (K, d); returns (B, K)."""

    def of_component(mean: jax.Array, logvar: jax.Array) -> jax.Array:
        moments = (jnp.broadcast_to(moment, z.shape) for moment in (mean, logvar))
        return -losses.gaussian_nll(z, *moments)

    return jax.vmap(of_component, out_axes=1)(mean, logvar)

"""Mixtures whose components have a mean in every dimension, as AMM's."""

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax import losses

# Names in configs of the directions of `mixture_means`.
DIRECTIONS = ("orthogonal", "random")


def mixture_means(
    components: int, dim: int, radius: float, directions: str = "orthogonal"
) -> np.ndarray:
    """Means of a fixed mixture of unit Gaussians: directions of one length, drawn once.

    "Adversarially Learned Mixture Model" fixes no means. Orthogonal ones all keep a distance of
    `radius * sqrt(2)` at least; of ten random ones in 16 dimensions the nearest two come to
    `0.88 * radius`.

    Args:
        components: K.
        dim: dimensions d of z.
        radius: length of each mean.
        directions: one of `DIRECTIONS`: orthogonal, and beyond d of them their opposites, or drawn
            independently.

    Returns:
        Means (K, d), the same in every run.

    Raises:
        ValueError: `directions` has another value, or is "orthogonal" while K > 2 d.
    """
    if directions not in DIRECTIONS:
        raise ValueError(f"directions is {directions!r}: choose one of {', '.join(DIRECTIONS)}")
    rng = np.random.default_rng(0)
    if directions == "random":
        means = rng.normal(size=(components, dim))
        means /= np.linalg.norm(means, axis=1, keepdims=True)
    elif components <= 2 * dim:
        basis = np.linalg.qr(rng.normal(size=(dim, dim)))[0].T
        means = np.concatenate([basis, -basis])[:components]
    else:
        raise ValueError(
            f"{components} orthogonal means do not fit {dim} dimensions: at most {2 * dim} do"
        )
    return (radius * means).astype(np.float32)


def gaussian_log_prob(z: jax.Array, mean: jax.Array, logvar: jax.Array) -> jax.Array:
    """Log density of z (B, d) under K diagonal Gaussians with moments (K, d); returns (B, K)."""

    def of_component(mean: jax.Array, logvar: jax.Array) -> jax.Array:
        moments = (jnp.broadcast_to(moment, z.shape) for moment in (mean, logvar))
        return -losses.gaussian_nll(z, *moments)

    return jax.vmap(of_component, out_axes=1)(mean, logvar)

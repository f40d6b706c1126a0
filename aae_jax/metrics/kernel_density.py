"""Gaussian kernel density (Parzen window) of a stream of samples, for any number of them."""

from collections.abc import Iterable, Sequence

import jax
import jax.numpy as jnp
import numpy as np

# Of each point: the smallest squared distance to a sample so far (N,), and the sums over samples of
# exp(-(d^2 - smallest) / (2 sigma^2)) for each sigma (S, N). Taking the smallest distance out keeps
# the sums away from 0 and infinity, whatever the distances.
_State = tuple[jax.Array, jax.Array]


@jax.jit
def _absorb(state: _State, x: jax.Array, samples: jax.Array, rate: jax.Array) -> _State:
    """Adds a block of samples (M, d) to the state of points x (N, d); rate is 1 / (2 sigma^2)."""
    nearest, sums = state
    # Distances keep their value when both sides move; near the origin ||x||^2 + ||s||^2 - 2 x.s
    # loses least to rounding. Full precision, as accelerators round the factors of products.
    centre = x.mean(axis=0, keepdims=True)
    x, samples = x - centre, samples - centre
    product = jnp.matmul(x, samples.T, precision=jax.lax.Precision.HIGHEST)
    norms = jnp.square(x).sum(axis=1)[:, None] + jnp.square(samples).sum(axis=1)[None, :]
    distance = jnp.maximum(norms - 2 * product, 0.0)
    smallest = jnp.minimum(nearest, distance.min(axis=1))

    def add(rate_and_sum: tuple[jax.Array, jax.Array]) -> jax.Array:
        rate, total = rate_and_sum
        total = total * jnp.exp(-rate * (nearest - smallest))
        return total + jnp.exp(-rate * (distance - smallest[:, None])).sum(axis=1)

    return smallest, jax.lax.map(add, (rate, sums))


def log_density(
    x: np.ndarray, samples: Iterable[np.ndarray], sigmas: Sequence[float]
) -> np.ndarray:
    """log p(x) under the mean of Gaussians N(s, sigma^2 I) around the samples s.

    logmeanexp_s(-||x - s||^2 / (2 sigma^2)) - d log(sigma sqrt(2 pi)), in float32 but for the last
    line. In memory are one block of samples and its distances to all of x.

    Args:
        x: points (N, d).
        samples: blocks (M, d) of samples, at least one; of one size, as each size is compiled.
        sigmas: standard deviations of the kernel, S of them.

    Returns:
        float64 (S, N), in nats; NaN where a sample is not finite.
    """
    n, d = x.shape
    sigma = np.asarray(sigmas, np.float64)[:, None]
    points = jnp.asarray(x, jnp.float32)
    rate = jnp.asarray(1 / (2 * sigma[:, 0] ** 2), jnp.float32)
    state = jnp.full(n, jnp.inf), jnp.zeros((len(sigma), n))
    count = 0
    for block in samples:
        # One block under way while the next is being made, so that none pile up.
        jax.block_until_ready(state)
        state = _absorb(state, points, jnp.asarray(block, jnp.float32), rate)
        count += len(block)
    nearest, sums = (np.asarray(part, np.float64) for part in state)
    log_mean = np.log(sums / count) - nearest[None] / (2 * sigma**2)
    return log_mean - d * np.log(sigma * np.sqrt(2 * np.pi))

"""Diagonal Gaussian densities of codes, per example.

Codes have shape (B, d); results have shape (B,), natural logarithms, at least float32. A variance
is given by its logarithm where a network predicts it: any number whose exponential (and the
exponential of its negative) the dtype can hold, so about ±85 in float32. Every function raises an
AssertionError (from chex) where shapes differ, the rank is not 2, or an array is not floating.
"""

import math

import chex
import jax
import jax.numpy as jnp

from aae_jax.losses import _checks

_LOG_2PI = math.log(2.0 * math.pi)


def gaussian_nll(z: jax.Array, mean: jax.Array, log_variance: jax.Array) -> jax.Array:
    """-log N(z; mean, diag(exp(log_variance))).

    1/2 sum_j [(z_j - mean_j)^2 / sigma_j^2 + log sigma_j^2 + log 2 pi]. With `log_variance` zero
    it is the loss of AIM-, whose variance is fixed at 1.

    Args:
        z: (B, d).
        mean: (B, d).
        log_variance: (B, d), log sigma^2.

    Returns:
        (B,), of either sign.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Eq. 8.
    """
    chex.assert_rank([z, mean, log_variance], 2)
    z, mean, log_variance = _checks.batches(z, mean, log_variance)
    terms = jnp.square(z - mean) * jnp.exp(-log_variance) + log_variance + _LOG_2PI
    return 0.5 * jnp.sum(terms, axis=1)


def gaussian_kl(mean: jax.Array, log_variance: jax.Array) -> jax.Array:
    """KL(N(mean, diag(exp(log_variance))) || N(0, I)).

    Args:
        mean: (B, d).
        log_variance: (B, d), log sigma^2.

    Returns:
        (B,), at least 0 up to rounding.

    Source: "Auto-Encoding Variational Bayes", Appendix B; the VAE baseline of "Adversarial
    Autoencoders".
    """
    chex.assert_rank([mean, log_variance], 2)
    mean, log_variance = _checks.batches(mean, log_variance)
    # expm1 keeps the digits that exp(v) - 1 - v loses around v = 0.
    terms = jnp.square(mean) + jnp.expm1(log_variance) - log_variance
    return 0.5 * jnp.sum(terms, axis=1)


def gaussian_log_prob(
    z: jax.Array, mean: jax.Array | float = 0.0, std: jax.Array | float = 1.0
) -> jax.Array:
    """log N(z; mean, diag(std^2)), such as a prior N(0, s^2 I).

    Args:
        z: (B, d).
        mean: a scalar or (B, d).
        std: a scalar or (B, d), above 0; another sign or 0 gives NaN or infinity.

    Returns:
        (B,), of either sign.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Eq. 8, negated, in
    terms of the standard deviation.
    """
    chex.assert_rank(z, 2)
    (z,) = _checks.floating(z)
    parameters = []
    for parameter in (jnp.asarray(mean, z.dtype), jnp.asarray(std, z.dtype)):
        if parameter.ndim:
            chex.assert_equal_shape([z, parameter])
        parameters.append(jnp.broadcast_to(parameter, z.shape))
    mean, std = parameters
    terms = jnp.square((z - mean) / std) + 2.0 * jnp.log(std) + _LOG_2PI
    return -0.5 * jnp.sum(terms, axis=1)

"""Variational bounds on the mutual information between a code and what is generated from it.

I(s; x) >= E[log Q(s | x)] + H(s), with s the code that x was generated from and Q a network that
guesses it. H(s) is constant for a fixed distribution of s, so the losses here are -log Q(s | x),
shape (B,), natural logarithms, at least float32: generator and Q both descend them.

Source of both: "Learning Priors for Adversarial Autoencoders", the mutual information term;
"InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial
Nets", Eq. 5. Both raise an AssertionError (from chex) where shapes or dtypes are not as stated.
"""

import chex
import jax
import jax.numpy as jnp
import optax

from aae_jax.losses import _checks
from aae_jax.losses.posterior import gaussian_nll


def categorical_information_loss(q_logits: jax.Array, s: jax.Array) -> jax.Array:
    """-log Q(s | x) of a categorical code; also the cross entropy of a classifier.

    Args:
        q_logits: (B, K), any real numbers, not yet normalised.
        s: integer labels (B,) in [0, K), or one-hot or other probabilities (B, K), floating.
            A label out of range gives NaN.

    Returns:
        (B,), at least 0.
    """
    chex.assert_rank(q_logits, 2)
    (q_logits,) = _checks.floating(q_logits)
    if jnp.issubdtype(s.dtype, jnp.integer):
        chex.assert_shape(s, q_logits.shape[:1])
        # A negative label would count from the end, as indices of arrays do.
        s = jnp.where(s < 0, q_logits.shape[1], s)
        return optax.softmax_cross_entropy_with_integer_labels(q_logits, s)
    chex.assert_equal_shape([q_logits, s])
    (s,) = _checks.floating(s)
    return optax.softmax_cross_entropy(q_logits, s)


def gaussian_information_loss(s: jax.Array, mean: jax.Array, log_std: jax.Array) -> jax.Array:
    """-log Q(s | x) of a continuous code, Q a diagonal Gaussian.

    Args:
        s: (B, d).
        mean: (B, d), Q's.
        log_std: (B, d), the logarithm of Q's standard deviation, within about ±42 in float32.

    Returns:
        (B,), of either sign.
    """
    return gaussian_nll(s, mean, 2.0 * log_std)

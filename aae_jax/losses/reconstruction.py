"""How far a reconstruction is from its data, per example.

Arrays have shape (B, ...) with at least one axis after the batch; losses have shape (B,), are at
least float32, and are sums over all those axes unless the name says mean. Inputs of any finite
range are accepted where none is stated. Every function raises an AssertionError (from chex) where
shapes differ, the rank is below 2, or an array is not floating: convert uint8 images first.
"""

import chex
import jax
import jax.numpy as jnp
import optax

from aae_jax.losses import _checks


def euclidean_reconstruction_loss(reconstruction: jax.Array, x: jax.Array) -> jax.Array:
    """1/2 ||x - reconstruction||^2, summed: (B, ...) and (B, ...) to (B,), at least 0.

    Source: "Adversarial Autoencoders", the Euclidean reconstruction cost of the reconstruction
    phase.
    """
    reconstruction, x = _checks.batches(reconstruction, x)
    return 0.5 * _checks.sum_features(jnp.square(x - reconstruction))


def mean_squared_reconstruction_loss(reconstruction: jax.Array, x: jax.Array) -> jax.Array:
    """Mean over dimensions of (x - reconstruction)^2: (B, ...) and (B, ...) to (B,), at least 0.

    Its gradient is d/2 times smaller than that of `euclidean_reconstruction_loss` for d dimensions.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1 (MSE).
    """
    reconstruction, x = _checks.batches(reconstruction, x)
    return jnp.mean(jnp.square(x - reconstruction), axis=tuple(range(1, x.ndim)))


def cycle_loss(reconstruction: jax.Array, x: jax.Array, k: int) -> jax.Array:
    """sum_j |x_j - reconstruction_j|^k: (B, ...) and (B, ...) to (B,), at least 0.

    Args:
        reconstruction: (B, ...).
        x: (B, ...).
        k: 1 or 2.

    Raises:
        ValueError: if k is neither 1 nor 2.

    Source: "ALICE: Towards Understanding Adversarial Learning for Joint Distribution Matching",
    the explicit cycle-consistency term.
    """
    if k not in (1, 2):
        raise ValueError(f"the order k of the cycle loss must be 1 or 2, got {k}")
    reconstruction, x = _checks.batches(reconstruction, x)
    difference = x - reconstruction
    # Not jnp.abs, whose derivative at 0 is 1: a perfect reconstruction must stay where it is.
    power = jnp.sign(difference) if k == 1 else difference
    return _checks.sum_features(power * difference)


def bernoulli_reconstruction_loss(logits: jax.Array, x: jax.Array) -> jax.Array:
    """Cross entropy of data in [0, 1] with Bernoulli pixels: (B, ...) and (B, ...) to (B,).

    Args:
        logits: the decoder's output before its sigmoid, (B, ...), any real number.
        x: data in [0, 1], (B, ...). Values outside give a loss without meaning, undetected.

    Source: "Auto-Encoding Variational Bayes", Appendix C.1; the VAE baseline of "Adversarial
    Autoencoders".
    """
    logits, x = _checks.batches(logits, x)
    return _checks.sum_features(optax.sigmoid_binary_cross_entropy(logits, x))


def feature_reconstruction_loss(
    features_reconstruction: chex.ArrayTree, features: chex.ArrayTree
) -> jax.Array:
    """||F(reconstruction) - F(x)||^2 over all features of an example: (B,), at least 0.

    Args:
        features_reconstruction: pytree of feature maps (B, ...) of the reconstruction.
        features: the same of the data.

    Raises:
        AssertionError: also if the trees differ or are empty.

    Source: "Learning Priors for Adversarial Autoencoders", L_rec of Algorithm 1, squared.
    """
    chex.assert_trees_all_equal_structs(features_reconstruction, features)
    pairs = list(
        zip(jax.tree.leaves(features_reconstruction), jax.tree.leaves(features), strict=True)
    )
    if not pairs:
        raise AssertionError("the pytree of features is empty")
    chex.assert_equal_shape_prefix([leaf for pair in pairs for leaf in pair], 1)
    return sum(
        2.0 * euclidean_reconstruction_loss(reconstruction, x) for reconstruction, x in pairs
    )

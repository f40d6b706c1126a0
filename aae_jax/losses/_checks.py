"""Checks that run before any arithmetic, shared by the losses."""

import chex
import jax
import jax.numpy as jnp


def floating(*arrays: jax.Array) -> list[jax.Array]:
    """Returns floating arrays in at least float32, since half precision loses long sums."""
    for array in arrays:
        chex.assert_type(array, float)
    arrays = [jnp.asarray(array) for array in arrays]  # numpy's float64 becomes jax's default
    return [a.astype(jnp.promote_types(a.dtype, jnp.float32)) for a in arrays]


def logits(*arrays: jax.Array) -> list[jax.Array]:
    """Accepts one logit per example: shape (B,), never (B, 1)."""
    chex.assert_rank(arrays, 1)
    return floating(*arrays)


def batches(*arrays: jax.Array) -> list[jax.Array]:
    """Accepts arrays of one shape (B, ...) with at least one axis after the batch."""
    chex.assert_equal_shape(arrays)
    if arrays[0].ndim < 2:
        raise AssertionError(f"need shape (B, ...) with two axes or more, got {arrays[0].shape}")
    return floating(*arrays)


def sum_features(array: jax.Array) -> jax.Array:
    """Sums (B, ...) over all axes but the batch: (B,)."""
    return jnp.sum(array, axis=tuple(range(1, array.ndim)))

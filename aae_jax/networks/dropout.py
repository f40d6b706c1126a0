"""Dropout whose mask belongs to the example, not to the device that holds it."""

import math

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax import parallel

_GOLDEN = 0x9E3779B9  # 2^32 / golden ratio: spreads consecutive counters over all bits


class Dropout(nn.Module):
    """Drops entries with probability `rate` and divides the others by 1 - rate.

    A network needs tens of masks with millions of entries in a step, for which the general
    generator of `jax.random` costs many times as much. A mask needs no more than bits that look
    independent, so a mixing hash of (key, example, entry) makes them.
    """

    rate: float

    @nn.compact
    def __call__(self, x: jax.Array, *, train: bool) -> jax.Array:
        if not train or self.rate == 0.0:
            return x
        examples = parallel.example_indices(x.shape[0])
        bits = _bits(self.make_rng("dropout"), examples, math.prod(x.shape[1:]))
        keep = bits.reshape(x.shape) >= jnp.uint32(round(self.rate * 2**32))
        return jnp.where(keep, x / (1 - self.rate), jnp.zeros_like(x))


def _bits(key: jax.Array, examples: jax.Array, entries: int) -> jax.Array:
    """Hashes (key, example, entry) to uint32 (B, entries)."""
    first, second = jax.random.key_data(key)
    example = _mix(_mix(examples.astype(jnp.uint32) * jnp.uint32(_GOLDEN) ^ first) + second)
    entry = jnp.arange(1, entries + 1, dtype=jnp.uint32) * jnp.uint32(_GOLDEN)
    return _mix(_mix(entry[None, :] ^ example[:, None]) + second)


def _mix(h: jax.Array) -> jax.Array:
    """The finaliser of MurmurHash3: an input bit changes every output bit half of the time."""
    h = (h ^ (h >> 16)) * jnp.uint32(0x85EBCA6B)
    h = (h ^ (h >> 13)) * jnp.uint32(0xC2B2AE35)
    return h ^ (h >> 16)

"""Data: sources, splits, preprocessing, cache and batching.

`load(config.data)` gives the whole set, decoded and checked; `make_feed` turns it into the batches
of a run. Where examples come from is the business of `aae_jax.data.sources`.
"""

from aae_jax.data.batching import Batches
from aae_jax.data.dataset import Dataset, Split, to_float
from aae_jax.data.feed import Feed, make_feed
from aae_jax.data.loading import load

__all__ = ["Batches", "Dataset", "Feed", "Split", "load", "make_feed", "to_float"]

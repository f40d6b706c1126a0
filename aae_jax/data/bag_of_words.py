"""Sentence embeddings without training, and an example of a function of your own.

--config.data.caption_encoder=aae_jax.data.bag_of_words:embed
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from aae_jax.data.captions import words_of_caption

WIDTH = 200


def embed(texts: Sequence[str]) -> np.ndarray:
    """Sums of fixed random directions, one of each word: float32 [N, WIDTH].

    The order of the words is lost. Numbers have a deviation of about 1 over random sentences.

    Raises:
        UserError: a text holds no words.
    """
    sentence = np.empty((len(texts), WIDTH), np.float32)
    for row, text in zip(sentence, texts, strict=True):
        found = words_of_caption(text)
        row[:] = sum(map(_direction, found)) / np.sqrt(len(found))
    return sentence


def _direction(word: str) -> np.ndarray:
    """Standard normal numbers that depend on the word alone, on every machine."""
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
    return np.random.Generator(np.random.Philox(seed)).standard_normal(WIDTH)

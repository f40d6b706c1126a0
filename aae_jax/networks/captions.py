"""Recurrent networks that read a caption to a vector, and write one from it.

A caption is a row of word numbers, filled up with `END`.
"""

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax.networks.layers import BatchNorm

END = 0  # as in `aae_jax.data.captions`

_WORD_STD = 0.1  # of the words' vectors before training


class Reader(nn.Module):
    """Captions to sentence embeddings: word numbers (B, L) to (B, output).

    The last state of a gated recurrent unit, each dimension brought to mean 0 and deviation 1 over
    the captions that are trained on.

    Attributes:
        vocabulary: number of word numbers.
        word: dimensions of a word's vector.
        output: shape of one embedding, (d,).
    """

    vocabulary: int
    word: int
    output: tuple[int]

    @nn.compact
    def __call__(self, tokens: jax.Array, *, train: bool) -> jax.Array:
        h = nn.Embed(self.vocabulary, self.word, embedding_init=nn.initializers.normal(_WORD_STD))(
            tokens
        )
        # At least one word, as rows of padding have none.
        length = jnp.maximum((tokens != END).sum(axis=1), 1)
        cell = nn.GRUCell(*self.output)
        last, _ = nn.RNN(cell, return_carry=True)(h, seq_lengths=length)
        return BatchNorm()(last, train=train)


class Writer(nn.Module):
    """The words of captions, each from the sentence embedding and the words before it.

    Attributes:
        vocabulary: number of word numbers.
        word: dimensions of a word's vector.
        hidden: units of the gated recurrent unit.
    """

    vocabulary: int
    word: int
    hidden: int

    @nn.compact
    def __call__(self, sentence: jax.Array, tokens: jax.Array, *, train: bool) -> jax.Array:
        """Logits (B, L, vocabulary) of the words (B, L), given embeddings (B, d)."""
        before = jnp.pad(tokens[:, :-1], ((0, 0), (1, 0)), constant_values=END)
        h = nn.Embed(self.vocabulary, self.word, embedding_init=nn.initializers.normal(_WORD_STD))(
            before
        )
        given = jnp.repeat(sentence[:, None], tokens.shape[1], axis=1)
        h = nn.RNN(nn.GRUCell(self.hidden))(jnp.concatenate([h, given], axis=-1))
        return nn.Dense(self.vocabulary)(h)

"""Fully connected networks."""

import math
from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax.networks.dropout import Dropout
from aae_jax.networks.layers import BatchNorm, Dense


class MLP(nn.Module):
    """Hidden ReLU layers and a linear output, on inputs flattened and joined to (B, D).

    Attributes:
        hidden: widths of the hidden layers.
        output: shape of one output, () for a scalar per example.
        activation: applied to the output.
        stddev: of the initial weights.
        batch_norm: normalise every hidden layer before its ReLU.
        input_dropout: rate at which entries of the inputs are dropped in training.
    """

    hidden: tuple[int, ...]
    output: tuple[int, ...]
    activation: Callable[[jax.Array], jax.Array] | None = None
    stddev: float = 0.01
    batch_norm: bool = False
    input_dropout: float = 0.0

    @nn.compact
    def __call__(self, *inputs: jax.Array, train: bool) -> jax.Array:
        h = jnp.concatenate([a.reshape(a.shape[0], -1) for a in inputs], axis=1)
        h = Dropout(self.input_dropout)(h, train=train)
        for width in self.hidden:
            h = Dense(width, self.stddev, use_bias=not self.batch_norm)(h)
            if self.batch_norm:
                h = BatchNorm()(h, train=train)
            h = nn.relu(h)
        h = Dense(math.prod(self.output), self.stddev)(h)
        h = h.reshape(h.shape[0], *self.output)
        return h if self.activation is None else self.activation(h)


class NormalisedLogits(nn.Module):
    """An MLP whose first outputs, logits of a categorical code, are normalised over the batch.

    No logit is then the largest for most of a batch, as it may be by chance before the code means
    anything. Deviations are 3 at first, under which the largest of 10 to 30 logits takes more than
    half of the softmax on average, and learned; there is no shift.

    Attributes:
        mlp: the network, of output (D,).
        k: how many of its outputs are logits.
    """

    mlp: MLP
    k: int

    @nn.compact
    def __call__(self, *inputs: jax.Array, train: bool) -> jax.Array:
        h = self.mlp(*inputs, train=train)
        logits = BatchNorm(use_bias=False, scale=3.0)(h[:, : self.k], train=train)
        return jnp.concatenate([logits, h[:, self.k :]], axis=1)

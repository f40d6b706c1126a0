"""Fully connected networks."""

import math
from collections.abc import Callable

import flax.linen as nn
import jax

from aae_jax.networks.layers import Dense


class MLP(nn.Module):
    """Hidden ReLU layers and a linear output, on inputs flattened to (B, D).

    Attributes:
        hidden: widths of the hidden layers.
        output: shape of one output, () for a scalar per example.
        activation: applied to the output.
        stddev: of the initial weights.
    """

    hidden: tuple[int, ...]
    output: tuple[int, ...]
    activation: Callable[[jax.Array], jax.Array] | None = None
    stddev: float = 0.01

    @nn.compact
    def __call__(self, x: jax.Array, *, train: bool) -> jax.Array:
        del train
        x = x.reshape(x.shape[0], -1)
        for width in self.hidden:
            x = nn.relu(Dense(width, self.stddev)(x))
        x = Dense(math.prod(self.output), self.stddev)(x)
        x = x.reshape(x.shape[0], *self.output)
        return x if self.activation is None else self.activation(x)

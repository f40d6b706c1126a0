"""The small convolutional classifier that judges images."""

from typing import NamedTuple

import flax.linen as nn
import jax

from aae_jax.networks.dropout import Dropout
from aae_jax.networks.layers import BatchNorm, Conv, Dense, max_pool


class Opinion(NamedTuple):
    """What the classifier makes of images.

    Attributes:
        logits: (B, K), of the classes.
        features: (B, F), what the last layer decides by, before dropout.
    """

    logits: jax.Array
    features: jax.Array


class Classifier(nn.Module):
    """Two convolutions and two dense layers.

    Conv 5x5 BN ReLU pool, conv 5x5 ReLU pool, FC BN ReLU dropout, FC. With 32 and 64 maps and 1024
    features it is the usual network behind inception scores of MNIST images; no paper here prints
    one, and the ReLU of the dense layer is our reading.

    Attributes:
        classes: number K of classes.
        maps: channels of the two convolutions.
        features: width F of the dense layer.
        dropout: rate on the features.
    """

    classes: int
    maps: tuple[int, int] = (32, 64)
    features: int = 1024
    dropout: float = 0.5

    @nn.compact
    def __call__(self, x: jax.Array, *, train: bool) -> Opinion:
        first, second = self.maps
        h = Conv(first, 5, padding="SAME", use_bias=False)(x)
        h = max_pool(nn.relu(BatchNorm()(h, train=train)))
        h = max_pool(nn.relu(Conv(second, 5, padding="SAME")(h)))
        h = Dense(self.features, use_bias=False)(h.reshape(h.shape[0], -1))
        features = nn.relu(BatchNorm()(h, train=train))
        logits = Dense(self.classes)(Dropout(self.dropout)(features, train=train))
        return Opinion(logits, features)

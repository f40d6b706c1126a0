"""Networks of "Implicit Autoencoders", Appendix D, and fully connected ones for its toys.

One shape of network serves every data set: convolutions of stride 2 and fully connected layers,
their sizes read off the tables. These list what a layer has, "ReLU. Stride 2. BN", and not in its
order: batch norm comes before the ReLU here. Where they are silent: weights from N(0, 0.02^2), maps
halved and doubled exactly ("SAME"), an encoder's noise in its first layer.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax.networks.layers import INIT_STD, BatchNorm, Conv, Dense, UpConv, widen
from aae_jax.networks.mlp import MLP

CONDITIONING = ("location_dependent", "location_invariant")


def channel_bias(code: jax.Array, maps: jax.Array) -> jax.Array:
    """A bias of each channel, the same in all places of maps (B, H, W, C): linear in a code (B, d).

    To be called in a module's compact method, whose layer it becomes.
    """
    bias = Dense(maps.shape[-1], use_bias=False)(code)
    return jnp.broadcast_to(bias[:, None, None], maps.shape)


class Encoder(nn.Module):
    """f(x, eps): codes of images and of noise where there is some, batch-normalised.

    A categorical code is these numbers' softmax. Noise is a bias of the channels of the first
    convolution or, without one, an input beside the image: a layer further up would do little but
    add it to the code.

    Attributes:
        output: dimensions of the code.
        maps: output channels of the convolutions, each with batch norm and ReLU.
        window: their width.
        hidden: widths of the fully connected ReLU layers after them, without batch norm.
        stddev: of the initial weights of the fully connected layers.
    """

    output: int
    maps: tuple[int, ...]
    window: int
    hidden: tuple[int, ...]
    stddev: float = INIT_STD

    @nn.compact
    def __call__(self, x: jax.Array, *noise: jax.Array, train: bool) -> jax.Array:
        h = x
        for index, features in enumerate(self.maps):
            h = Conv(features, self.window, 2, "SAME", use_bias=False)(h)
            if noise and index == 0:
                h += channel_bias(jnp.concatenate(noise, axis=1), h)
            h = nn.relu(BatchNorm()(h, train=train))
        beside = () if self.maps else noise
        h = jnp.concatenate([h.reshape(h.shape[0], -1), *beside], axis=1)
        for width in self.hidden:
            h = nn.relu(Dense(width, self.stddev)(h))
        h = Dense(self.output, self.stddev, use_bias=False)(h)
        return BatchNorm()(h, train=train)


class Decoder(nn.Module):
    """g(z, n): images of codes, the parts of a code joined to one vector.

    Attributes:
        shape: (H, W, C) of an image.
        maps: channels before each transposed convolution.
        window: their width.
        hidden: widths of the fully connected layers before them, with batch norm and ReLU.
        activation: of the last layer.
    """

    shape: tuple[int, ...]
    maps: tuple[int, ...]
    window: int
    hidden: tuple[int, ...]
    activation: Callable[[jax.Array], jax.Array]

    @nn.compact
    def __call__(self, *code: jax.Array, train: bool) -> jax.Array:
        height, width, channels = self.shape
        smallest = (height >> len(self.maps), width >> len(self.maps), self.maps[0])
        h = jnp.concatenate(code, axis=1)
        for features in (*self.hidden, math.prod(smallest)):
            h = Dense(features, use_bias=False)(h)
            h = nn.relu(BatchNorm()(h, train=train))
        h = h.reshape(h.shape[0], *smallest)
        for features in self.maps[1:]:
            h = UpConv(features, self.window, 2, "SAME", use_bias=False)(h)
            h = nn.relu(BatchNorm()(h, train=train))
        return self.activation(UpConv(channels, self.window, 2, "SAME")(h))


class Discriminator(nn.Module):
    """D(x) or, given codes, D(x, z): a logit for each image.

    A code is an adaptive bias of the first convolution (Appendix D.1): "location_dependent" gives
    every place a bias of its own, the same in all channels, through one hidden layer of ReLU units;
    "location_invariant" gives every channel one, the same in all places, by a linear map.

    Attributes:
        maps: output channels of the convolutions, each with batch norm and ReLU.
        window: their width.
        hidden: widths of the fully connected layers after them, with batch norm and ReLU.
        conditioning: one of `CONDITIONING`.
        code_hidden: number of the ReLU units of location-dependent conditioning.
    """

    maps: tuple[int, ...]
    window: int
    hidden: tuple[int, ...]
    conditioning: str = CONDITIONING[0]
    code_hidden: int = 1000

    @nn.compact
    def __call__(self, x: jax.Array, *code: jax.Array, train: bool) -> jax.Array:
        h = x
        for index, features in enumerate(self.maps):
            h = Conv(features, self.window, 2, "SAME", use_bias=False)(h)
            if code and index == 0:
                h += self._bias(jnp.concatenate(code, axis=1), h)
            h = nn.relu(BatchNorm()(h, train=train))
        h = h.reshape(h.shape[0], -1)
        for width in self.hidden:
            h = nn.relu(BatchNorm()(Dense(width, use_bias=False)(h), train=train))
        return Dense(1)(h).reshape(-1)

    def _bias(self, code: jax.Array, maps: jax.Array) -> jax.Array:
        """The adaptive bias that a code (B, d) gives maps (B, H, W, C)."""
        if self.conditioning == "location_invariant":
            return channel_bias(code, maps)
        b, h, w, _ = maps.shape
        hidden = nn.relu(Dense(self.code_hidden)(code))
        places = Dense(h * w)(hidden)
        return jnp.broadcast_to(places.reshape(b, h, w, 1), maps.shape)


class Networks(NamedTuple):
    """What the games choose their players from.

    Attributes:
        encoder: (x, [eps]) -> code (B, d).
        decoder: (z, [n]) -> x.
        image_discriminator: (x, [z]) -> logits (B,).
        code_discriminator: z -> logits (B,): two layers of 2000 ReLU units everywhere.
    """

    encoder: nn.Module
    decoder: nn.Module
    image_discriminator: nn.Module
    code_discriminator: nn.Module


@dataclass(frozen=True)
class Table:
    """The sizes of one table of Appendix D.

    Attributes:
        size: height and width of the images.
        encoder_maps, encoder_hidden: see `Encoder`.
        decoder_maps, decoder_hidden: see `Decoder`.
        discriminator_maps, discriminator_hidden: see `Discriminator`.
        window: width of every convolution.
        activation: of the decoder's output.
    """

    size: int
    encoder_maps: tuple[int, ...]
    encoder_hidden: tuple[int, ...]
    decoder_maps: tuple[int, ...]
    decoder_hidden: tuple[int, ...]
    discriminator_maps: tuple[int, ...]
    discriminator_hidden: tuple[int, ...]
    window: int
    activation: Callable[[jax.Array], jax.Array]

    def scaled(self, factor: float) -> "Table":
        """The table with every width multiplied, rounded up."""
        fields = [name for name in vars(self) if name.endswith(("_maps", "_hidden"))]
        return replace(self, **{name: widen(factor, *getattr(self, name)) for name in fields})


MNIST = Table(
    size=28,
    encoder_maps=(),
    encoder_hidden=(2000, 2000),
    decoder_maps=(128, 64),
    decoder_hidden=(1024,),
    discriminator_maps=(64, 128),
    discriminator_hidden=(1024,),
    window=4,
    activation=nn.sigmoid,
)
SVHN = Table(
    size=32,
    encoder_maps=(64, 128, 256),
    encoder_hidden=(),
    decoder_maps=(256, 128, 64),
    decoder_hidden=(),
    discriminator_maps=(64, 128, 256),
    discriminator_hidden=(),
    window=4,
    activation=jnp.tanh,
)
CELEBA = Table(
    size=48,
    encoder_maps=(128, 256, 512),
    encoder_hidden=(),
    decoder_maps=(512, 256, 128),
    decoder_hidden=(),
    discriminator_maps=(128, 256, 512),
    discriminator_hidden=(),
    window=6,
    activation=jnp.tanh,
)

TABLES = {"mnist": MNIST, "svhn": SVHN, "celeba": CELEBA}  # by name in `config.network.name`


def image_networks(
    table: Table,
    shape: tuple[int, ...],
    code: int,
    *,
    conditioning: str,
    width: float = 1.0,
) -> Networks:
    """The networks of a table.

    Args:
        table: one of `TABLES`.
        shape: (H, W, C) of an image, H and W those of the table.
        code: dimensions of the code z.
        conditioning: one of `CONDITIONING`.
        width: factor on the widths of all layers.
    """
    table = table.scaled(width)
    return Networks(
        Encoder(code, table.encoder_maps, table.window, table.encoder_hidden),
        Decoder(shape, table.decoder_maps, table.window, table.decoder_hidden, table.activation),
        Discriminator(
            table.discriminator_maps,
            table.window,
            table.discriminator_hidden,
            conditioning,
            *widen(width, 1000),
        ),
        MLP(widen(width, 2000, 2000), (), stddev=INIT_STD),
    )


def point_networks(
    shape: tuple[int, ...], code: int, hidden: tuple[int, ...], stddev: float
) -> Networks:
    """Fully connected networks for points, whose sizes the paper does not print.

    Args:
        shape: (D,) of a point.
        code: dimensions of the code z.
        hidden: widths of the hidden ReLU layers of all networks.
        stddev: of the initial weights.
    """

    def mlp(*output: int) -> MLP:
        return MLP(hidden, output, stddev=stddev)

    # The encoder ends in batch norm as those of the tables do: without it, a softmax is soon
    # certain of one cluster for all points, and no gradient leads out of that.
    encoder = Encoder(code, (), 0, hidden, stddev)
    return Networks(encoder, mlp(*shape), mlp(), mlp())

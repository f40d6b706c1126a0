"""Networks of "Learning Priors for Adversarial Autoencoders", Tables 2 to 4, for 32x32 images.

Where the tables contradict themselves or are silent:

- Four strides of 2 leave maps of 2x2, which the encoder's table then pools 4x4. The strides are
  kept and the pool is the mean over the whole map, which is the table's for either size.
- A skip whose block changes the size or the channels is a linear 1x1 convolution, with the block's
  stride going down and repeated pixels going up. Going up, the block's first convolution is the
  transposed 4x4 one and the second is 3x3.
- Batch norm is where a table prints it, before the ReLU: residual blocks have none. Both of a
  block's convolutions have a ReLU, and their sum with the skip another.
- Leaky ReLUs have slope 0.2.
- Weights are drawn from N(0, 2/n) before a ReLU and from N(0, 1/n) elsewhere, for n inputs of a
  unit; the two summands of a block count as "elsewhere", which keeps the size of their signal
  without batch norm.
- D_I and Q are one network with two heads. A label enters D_I after the layers that Q shares, or Q
  could read it off: it adds weights of its own to those of the logit. So does the embedding of a
  caption, which Q guesses by a linear layer in the place of the softmax.
"""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax.networks.layers import BatchNorm, Conv, Dense, UpConv, leaky_relu, widen

SIZE = 32  # height and width of the images
REACH = (-1, 1)  # of the decoder's pixels


# The layers below are to be called in a module's compact method, whose layers they become. `gain`
# is the variance of the initial weights times the number of a unit's inputs.


def _dense(x: jax.Array, features: int, gain: float = 2.0, *, bias: bool = True) -> jax.Array:
    return Dense(features, math.sqrt(gain / x.shape[-1]), bias)(x)


def _conv(
    x: jax.Array,
    features: int,
    width: int,
    stride: int = 1,
    gain: float = 2.0,
    *,
    bias: bool = True,
) -> jax.Array:
    std = math.sqrt(gain / (width**2 * x.shape[-1]))
    return Conv(features, width, stride, (width - 1) // 2, std, bias)(x)


def _up_conv(x: jax.Array, features: int, stride: int, padding: str, *, bias: bool) -> jax.Array:
    """A 4x4 transposed convolution, from a 1x1 map or by a stride of 2."""
    windows = 1 if x.shape[1] == 1 else (4 // stride) ** 2  # that overlap in a place
    std = math.sqrt(2.0 / (windows * x.shape[-1]))
    return UpConv(features, 4, stride, padding, std, bias)(x)


class Residual(nn.Module):
    """A residual block (Table 3) of 3x3 convolutions: (B, H, W, C) to (B, H/s, W/s, features).

    Attributes:
        features: output channels.
        stride: s, of the first convolution.
    """

    features: int
    stride: int = 1

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        h = nn.relu(_conv(x, self.features, 3, self.stride))
        h = nn.relu(_conv(h, self.features, 3, gain=1.0))
        if h.shape != x.shape:
            x = _conv(x, self.features, 1, self.stride, gain=1.0, bias=False)
        return nn.relu(h + x)


class UpResidual(nn.Module):
    """An up-sampling residual block: (B, H, W, C) to (B, 2H, 2W, features).

    Attributes:
        features: output channels.
    """

    features: int

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        h = nn.relu(_up_conv(x, self.features, 2, "SAME", bias=True))
        h = nn.relu(_conv(h, self.features, 3, gain=1.0))
        skip = _conv(x, self.features, 1, gain=1.0, bias=False)
        return nn.relu(h + skip.repeat(2, axis=1).repeat(2, axis=2))


class Encoder(nn.Module):
    """enc(x) of Table 2: images (B, 32, 32, C) to (B, *output).

    Attributes:
        output: shape of one output: (d,), or (2, d) for a mean and a log-variance.
        maps: channels of the first convolution and its block, then of the blocks of stride 2.
        hidden: width of the fully connected layer with batch norm and ReLU.
    """

    output: tuple[int, ...]
    maps: tuple[int, ...]
    hidden: int

    @nn.compact
    def __call__(self, x: jax.Array, *, train: bool) -> jax.Array:
        first, *others = self.maps
        h = Residual(first)(nn.relu(_conv(x, first, 3, 2)))
        for features in others:
            h = Residual(features, 2)(h)
        h = _dense(h.mean(axis=(1, 2)), self.hidden, bias=False)
        h = nn.relu(BatchNorm()(h, train=train))
        h = _dense(h, math.prod(self.output), gain=1.0)
        return h.reshape(h.shape[0], *self.output)


class Decoder(nn.Module):
    """dec(z) of Table 2: codes (B, d) to images (B, 32, 32, channels) in [-1, 1].

    Attributes:
        channels: of the image.
        maps: channels of the first, 4x4 maps, then of the up-sampling blocks.
    """

    channels: int
    maps: tuple[int, ...]

    @nn.compact
    def __call__(self, z: jax.Array, *, train: bool) -> jax.Array:
        first, *others = self.maps
        h = _up_conv(z.reshape(z.shape[0], 1, 1, -1), first, 1, "VALID", bias=False)
        h = nn.relu(BatchNorm()(h, train=train))
        for features in others:
            h = UpResidual(features)(h)
        return jnp.tanh(_conv(h, self.channels, 3, gain=1.0))


class CodeGenerator(nn.Module):
    """CG(z[, s]) of Table 3: the parts of its noise, joined to one vector, to codes (B, code).

    Attributes:
        code: dimensions of a code.
        hidden: width of the layer with batch norm and ReLU.
    """

    code: int
    hidden: int

    @nn.compact
    def __call__(self, *noise: jax.Array, train: bool) -> jax.Array:
        h = _dense(jnp.concatenate(noise, axis=1), self.hidden, bias=False)
        h = nn.relu(BatchNorm()(h, train=train))
        return BatchNorm()(_dense(h, self.code, gain=1.0, bias=False), train=train)


class Judgement(NamedTuple):
    """What the image discriminator says of a batch.

    Attributes:
        logits: (B,), of D_I.
        features: F(x) (B, 4, 4, c), the last convolution after its leaky ReLU, which is what the
            fully connected layers read.
        guess: logits (B, K) of Q(s|x), or its mean where s is an embedding; None without a
            condition s.
    """

    logits: jax.Array
    features: jax.Array
    guess: jax.Array | None


class ImageDiscriminator(nn.Module):
    """D_I(x) or, given a condition, D_I(x, s), with Q (Table 4).

    Attributes:
        maps: output channels of the 4x4 convolutions of stride 2.
        hidden: width of the fully connected layer that D_I and Q share.
        guesses: number K of values that Q tells apart, or dimensions of s; 0 for no Q.
    """

    maps: tuple[int, ...]
    hidden: int
    guesses: int

    @nn.compact
    def __call__(self, x: jax.Array, *condition: jax.Array, train: bool) -> Judgement:
        h = x
        for index, features in enumerate(self.maps):
            h = _conv(h, features, 4, 2, bias=index == 0)
            if index:
                h = BatchNorm()(h, train=train)
            h = leaky_relu(h)
        maps, h = h, leaky_relu(_dense(h.reshape(h.shape[0], -1), self.hidden))
        logits = _dense(h, 1, gain=1.0).reshape(-1)
        guess = _dense(h, self.guesses, gain=1.0) if self.guesses else None
        # Last, so that a call without the condition finds the other layers under the same names.
        for s in condition:
            own = Dense(self.hidden, 1 / math.sqrt(self.hidden), use_bias=False)(s)
            logits += (h * own).sum(axis=1)
        return Judgement(logits, maps, guess)


class CodeDiscriminator(nn.Module):
    """D_C(z) of Table 4: codes (B, d), with a condition s or without, to logits (B,).

    Attributes:
        hidden: widths of the leaky ReLU layers.
    """

    hidden: tuple[int, ...]

    @nn.compact
    def __call__(self, z: jax.Array, *condition: jax.Array, train: bool) -> jax.Array:
        h = jnp.concatenate([z, *condition], axis=1)
        for width in self.hidden:
            h = leaky_relu(_dense(h, width))
        return _dense(h, 1, gain=1.0).reshape(-1)


class Networks(NamedTuple):
    """What the game chooses its players from.

    Attributes:
        make_encoder: `make_encoder(output=shape of one output)`.
        decoder: z (B, d) -> x.
        code_generator: (s,) noise -> z_c (B, d).
        image_discriminator: x, [s] -> Judgement.
        code_discriminator: z, [s] -> logits (B,).
    """

    make_encoder: Callable[..., nn.Module]
    decoder: nn.Module
    code_generator: nn.Module
    image_discriminator: nn.Module
    code_discriminator: nn.Module


def networks(channels: int, code: int, noise: int, guesses: int, *, width: float = 1.0) -> Networks:
    """The networks of the tables.

    Args:
        channels: of an image.
        code: dimensions d of z.
        noise: dimensions of all that the code generator reads.
        guesses: values of s that Q tells apart, or dimensions of s; 0 for no Q.
        width: factor on the widths of layers, rounded up; not on those of inputs and outputs, nor
            on those that the tables give by the size of code or noise, which would be a bottleneck.
    """

    wide = functools.partial(widen, width)
    return Networks(
        functools.partial(Encoder, maps=wide(64, 128, 256, 512), hidden=2 * code),
        Decoder(channels, wide(512, 256, 128, 64)),
        CodeGenerator(code, 2 * noise),
        ImageDiscriminator(wide(64, 128, 256), *wide(1000), guesses),
        CodeDiscriminator(wide(1000, 500, 200)),
    )

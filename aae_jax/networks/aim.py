"""Networks of "AIM: Adversarial Inference by Matching Priors and Conditionals", Tables 3 and 4.

The discriminator ends in a head on features that AIM's encoder reads too. The baselines' networks
are made of the same parts: an encoder with features of its own, and a discriminator of pairs that
joins the code to the features. Weights of the tables' layers are drawn from N(0, 0.02^2).
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax.networks import implicit
from aae_jax.networks.layers import BatchNorm, Conv, Dense, UpConv, widen
from aae_jax.networks.mlp import MLP


class Judgement(NamedTuple):
    """What a discriminator says of a batch.

    Attributes:
        logits: (B,).
        features: what its head read: maps (B, h, w, c), or the points (B, D) themselves.
    """

    logits: jax.Array
    features: jax.Array


class Features(nn.Module):
    """D_feature(x): 4x4 convolutions of stride 2 with leaky ReLU, batch norm in all but the first.

    Attributes:
        maps: output channels of the convolutions.
        slope: of the leaky ReLU.
    """

    maps: tuple[int, ...]
    slope: float

    @nn.compact
    def __call__(self, x: jax.Array, *, train: bool) -> jax.Array:
        for index, features in enumerate(self.maps):
            x = Conv(features, 4, 2, padding=1, use_bias=index == 0)(x)
            if index:
                x = BatchNorm()(x, train=train)
            x = nn.leaky_relu(x, self.slope)
        return x


class Discriminator(nn.Module):
    """D(x), or D(x, z) for the baselines: a logit for each image.

    Attributes:
        features: what makes the features.
        hidden: width of a fully connected layer with batch norm and leaky ReLU; 0 for none, but
            one of `joint` units where there is a z.
        joint: width of the layer where z meets features that no layer of their own follows.
        linear: width of a linear layer before the logit, 0 for none.
    """

    features: Features
    hidden: int
    joint: int
    linear: int

    @nn.compact
    def __call__(self, x: jax.Array, *z: jax.Array, train: bool) -> Judgement:
        maps = self.features(x, train=train)
        h = jnp.concatenate([maps.reshape(maps.shape[0], -1), *z], axis=1)
        if hidden := self.hidden or (self.joint if z else 0):
            h = BatchNorm()(Dense(hidden, use_bias=False)(h), train=train)
            h = nn.leaky_relu(h, self.features.slope)
        if self.linear:
            h = Dense(self.linear)(h)
        return Judgement(Dense(1)(h).reshape(-1), maps)


@dataclass(frozen=True)
class Stage:
    """A convolution of E with leaky ReLU: channels, width, stride and padding."""

    features: int
    width: int
    stride: int
    padding: int
    batch_norm: bool = True  # before the ReLU


class Posterior(nn.Module):
    """E: mean and log-variance of q(z|x), (B, 2, d), from features.

    Attributes:
        code: dimensions d of z.
        variance: give the log-variance too; without it (B, 1, d).
        stages: the convolutions.
        hidden: width of the layer of each branch, with batch norm and leaky ReLU.
        slope: of the leaky ReLU.
    """

    code: int
    variance: bool
    stages: tuple[Stage, ...]
    hidden: int
    slope: float

    @nn.compact
    def __call__(self, features: jax.Array, *, train: bool) -> jax.Array:
        h = features
        for s in self.stages:
            h = Conv(s.features, s.width, s.stride, s.padding, use_bias=not s.batch_norm)(h)
            if s.batch_norm:
                h = BatchNorm()(h, train=train)
            h = nn.leaky_relu(h, self.slope)
        h = h.reshape(h.shape[0], -1)
        branches = []
        for _ in range(1 + self.variance):  # mu, sigma
            b = BatchNorm()(Dense(self.hidden, use_bias=False)(h), train=train)
            branches.append(Dense(self.code)(nn.leaky_relu(b, self.slope)))
        return jnp.stack(branches, axis=1)


class Encoder(nn.Module):
    """The baselines' encoder: E on features of its own, which it does update.

    Attributes:
        features: what makes the features.
        posterior: what reads them.
    """

    features: Features
    posterior: Posterior

    @nn.compact
    def __call__(self, x: jax.Array, *, train: bool) -> jax.Array:
        return self.posterior(self.features(x, train=train), train=train)


class Generator64(nn.Module):
    """G(z) of Table 4: transposed convolutions from a 1x1 map to a 64x64 image.

    The parts of a code are joined to one vector, as the GANs that may read z and n beside it need.

    Attributes:
        channels: of the image.
        maps: output channels of all but the last layer.
    """

    channels: int
    maps: tuple[int, ...] = (1024, 512, 256, 128)

    @nn.compact
    def __call__(self, *code: jax.Array, train: bool) -> jax.Array:
        h = jnp.concatenate(code, axis=1)
        h = h.reshape(h.shape[0], 1, 1, -1)
        for index, features in enumerate(self.maps):
            stride, padding = (2, "SAME") if index else (1, "VALID")
            h = UpConv(features, 4, stride, padding, use_bias=False)(h)
            h = nn.relu(BatchNorm()(h, train=train))
        return jnp.tanh(UpConv(self.channels, 4, 2, "SAME")(h))


class PointDiscriminator(nn.Module):
    """D(x) or D(x, z) of points; the encoder reads the points themselves.

    Attributes:
        logits: (x, [z]) -> (B,).
    """

    logits: MLP

    @nn.compact
    def __call__(self, x: jax.Array, *z: jax.Array, train: bool) -> Judgement:
        return Judgement(self.logits(x, *z, train=train), x)


class Networks(NamedTuple):
    """What AIM and its baselines choose their players from.

    Attributes:
        generator: z (B, d) -> x.
        discriminator: x, [z] -> Judgement.
        posterior: the features of a Judgement -> mean and log-variance (B, 2, d), or the mean
            alone (B, 1, d).
        encoder: x -> the same, without a discriminator.
        features: shape of one example's features.
    """

    generator: nn.Module
    discriminator: nn.Module
    posterior: nn.Module
    encoder: nn.Module
    features: tuple[int, ...]


def aim_mnist(shape: tuple[int, ...], code: int, *, variance: bool, width: float) -> Networks:
    """Table 3: 28x28 images."""
    wide = functools.partial(widen, width)
    generator = implicit.image_networks(
        implicit.TABLES["mnist"], shape, code, conditioning=implicit.CONDITIONING[0], width=width
    ).decoder
    posterior = Posterior(code, variance, (Stage(*wide(64), 4, 2, 1),), *wide(32), 0.1)
    features = Features(wide(64, 128), 0.1)
    hidden, linear = wide(1024, 64)
    return _assemble(
        generator, features, posterior, shape, hidden=hidden, joint=hidden, linear=linear
    )


def aim_64(shape: tuple[int, ...], code: int, *, variance: bool, width: float) -> Networks:
    """Table 4: 64x64 images; the 4x4 convolution of the head is a fully connected layer."""
    wide = functools.partial(widen, width)
    a, b, c, d = wide(512, 512, 256, 128)
    # The first has no batch norm, like the first of the features.
    stages = (
        Stage(a, 4, 2, 1, batch_norm=False),
        Stage(b, 4, 2, 1),
        Stage(c, 2, 1, 1),
        Stage(d, 1, 1, 0),
    )
    return _assemble(
        Generator64(shape[-1], wide(1024, 512, 256, 128)),
        Features(wide(128, 256, 512, 1024), 0.2),
        Posterior(code, variance, stages, *wide(64), 0.2),
        shape,
        hidden=0,
        joint=wide(1000)[0],
        linear=0,
    )


def _assemble(
    generator: nn.Module,
    features: Features,
    posterior: Posterior,
    shape: tuple[int, ...],
    *,
    hidden: int,
    joint: int,
    linear: int,
) -> Networks:
    size = shape[0] >> len(features.maps)
    return Networks(
        generator,
        Discriminator(features, hidden, joint, linear),
        posterior,
        Encoder(features, posterior),
        (size, size, features.maps[-1]),
    )


def points(
    shape: tuple[int, ...],
    code: int,
    *,
    variance: bool,
    hidden: tuple[int, ...],
    batch_norm: bool,
    init_std: float,
) -> Networks:
    """Fully connected networks for points, whose sizes the paper does not print.

    Args:
        shape: (D,) of a point.
        code: dimensions of z.
        variance: whether the encoder gives log-variances.
        hidden: widths of the hidden ReLU layers of all networks.
        batch_norm: in the generator and the encoder, as in ALI's toy.
        init_std: of the initial weights.
    """

    def mlp(*output: int) -> MLP:
        return MLP(hidden, output, stddev=init_std, batch_norm=batch_norm)

    encoder = mlp(1 + variance, code)
    discriminator = PointDiscriminator(MLP(hidden, (), stddev=init_std))
    return Networks(mlp(*shape), discriminator, encoder, encoder, shape)


# Name in `config.network.name` -> (table, image size it is made for, the range of its pixels).
TABLES: dict[str, tuple[Callable[..., Networks], int, tuple[int, int]]] = {
    "aim_mnist": (aim_mnist, 28, (0, 1)),
    "aim_64": (aim_64, 64, (-1, 1)),
}

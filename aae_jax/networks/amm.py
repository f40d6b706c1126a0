"""Networks of "Adversarially Learned Mixture Model", Tables 3 to 10.

Inference and synthesis networks have two coupled branches: one leads, the other reads the
leader's features at every stage. In the tables' "Dropout" column we read dropout on the layer's
input, as in the tables of ALI that these follow: on the output it would drop pixels of generated
images and logits of the discriminator.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax.networks.dropout import Dropout
from aae_jax.networks.layers import (
    INIT_STD,
    BatchNorm,
    Conv,
    Dense,
    UpConv,
    leaky_relu,
    max_pool,
)


@dataclass(frozen=True)
class Stage:
    """One row of a table: a (transposed) convolution with dropout on its input.

    Attributes:
        features: output channels.
        width: kernel width.
        stride: stride.
        padding: "VALID" or "SAME".
        dropout: rate of the dropout on the input.
        pool: "" for none, "max" for 2x2 maxima, "mean" for the mean over the whole map; follows
            the convolution.
    """

    features: int
    width: int
    stride: int = 1
    padding: str = "VALID"
    dropout: float = 0.0
    pool: str = ""


def _pool(x: jax.Array, pool: str) -> jax.Array:
    if pool == "max":
        return max_pool(x)
    if pool == "mean":
        return x.mean(axis=(1, 2), keepdims=True)
    return x


def _conv(
    stage: Stage, *, bias: bool, train: bool, stddev: float = INIT_STD
) -> Callable[[jax.Array], jax.Array]:
    """Makes a row's layers; their names follow from the order of making, not of use."""
    dropout = Dropout(stage.dropout)
    conv = Conv(stage.features, stage.width, stage.stride, stage.padding, stddev, use_bias=bias)
    return lambda x: _pool(conv(dropout(x, train=train)), stage.pool)


def _up_conv(stage: Stage, x: jax.Array, *, bias: bool, train: bool) -> jax.Array:
    x = Dropout(stage.dropout)(x, train=train)
    return UpConv(stage.features, stage.width, stage.stride, stage.padding, use_bias=bias)(x)


class Gaussians(NamedTuple):
    """Parameters of the inference distributions: y before its softmax, and z.

    Attributes:
        y_mean: (B, K), None where y is given.
        y_logvar: (B, K), None where y is given.
        z_mean: (B, d).
        z_logvar: (B, d).
    """

    y_mean: jax.Array | None
    y_logvar: jax.Array | None
    z_mean: jax.Array
    z_logvar: jax.Array


class CoupledEncoder(nn.Module):
    """G_y(x) and G_z(x): Tables 3 and 7.

    Attributes:
        components: K.
        code: dimensions of z.
        leader: "z" for q2(x, y, z) = q(x) q(z|x) q(y|x, z), Eq. 7, where y reads z's features (the
            published tables); "y" for q1(x, y, z) = q(x) q(y|x) q(z|x, y), Eq. 6, mirrored; "" for
            q(x) q(y|x) q(z|x), Eq. 15, where neither reads the other.
        trunk: stages before the branches part.
        stages: stages of each branch; the last one ends on a 1x1 map.
    """

    components: int
    code: int
    leader: str
    trunk: tuple[Stage, ...]
    stages: tuple[Stage, ...]

    @nn.compact
    def __call__(self, x: jax.Array, *given: jax.Array, train: bool) -> Gaussians:
        """Infers y and z from x, or z alone from x and a given y: G_z(x, y) of Eqs. 4 and 14.

        Args:
            x: images (B, H, W, C).
            given: what a `LabelReader` makes of y, (B, C) for each stage. It takes the place of the
                features of y's branch, which is left out with all its parameters.
            train: whether dropout is on and batch statistics move.
        """
        for stage in self.trunk:
            x = _conv(stage, bias=False, train=train)(x)
            x = leaky_relu(BatchNorm()(x, train=train))
        order = ("y", "z") if self.leader == "y" else ("z", "y")
        used = ("z",) if given else order
        h = dict.fromkeys(used, x)
        for index, stage in enumerate(self.stages):
            convs = {branch: _conv(stage, bias=False, train=train) for branch in order}
            norms = {branch: BatchNorm() for branch in order}
            h = {branch: convs[branch](h[branch]) for branch in used}
            if given:
                h["z"] += given[index][:, None, None, :]
            elif self.leader:
                leader, follower = order
                h[follower] += h[leader]
            h = {branch: leaky_relu(norms[branch](h[branch], train=train)) for branch in used}
        flat = {branch: h[branch].reshape(x.shape[0], -1) for branch in used}
        widths = {"y": self.components, "z": self.code}
        heads = {branch: (Dense(width), Dense(width)) for branch, width in widths.items()}
        return Gaussians(
            *(
                head(flat[branch]) if branch in used else None
                for branch, pair in heads.items()
                for head in pair
            )
        )


class LabelReader(nn.Module):
    """What G_z(x, y) reads of a given y: a vector for each stage of a coupled encoder.

    Attributes:
        features: output channels of the encoder's stages.
    """

    features: tuple[int, ...]

    @nn.compact
    def __call__(self, y: jax.Array, *, train: bool) -> tuple[jax.Array, ...]:
        del train
        return tuple(Dense(width, use_bias=False)(y) for width in self.features)


class MixturePrior(nn.Module):
    """G_z(y), the learned p(z|y): Tables 4 and 8.

    Attributes:
        code: dimensions of z.
        hidden: widths of the hidden layers, dropout 0.2 on the input of all but the first.
        learned_variance: variance linear in the features (Table 8) rather than one (Table 4; in the
            words of Section 4.2 it is learned on MNIST too).
    """

    code: int
    hidden: tuple[int, ...]
    learned_variance: bool

    @nn.compact
    def __call__(self, y: jax.Array, *, train: bool) -> tuple[jax.Array, jax.Array]:
        h = y
        for index, width in enumerate(self.hidden):
            h = Dropout(0.2 if index else 0.0)(h, train=train)
            h = leaky_relu(BatchNorm()(Dense(width, use_bias=False)(h), train=train))
        mean = Dense(self.code)(h)
        logvar = Dense(self.code)(h) if self.learned_variance else jnp.zeros_like(mean)
        return mean, logvar


class CoupledDecoder(nn.Module):
    """G_x(y, z): Tables 5 and 9. The y branch reads z's features and has no activation.

    Attributes:
        first: channels of the first 1x1 stage.
        stages: transposed convolutions from a 1x1 map; the last one gives the image.
    """

    first: int
    stages: tuple[Stage, ...]

    @nn.compact
    def __call__(self, y: jax.Array, z: jax.Array, *, train: bool) -> jax.Array:
        h_z = Dense(self.first, use_bias=False)(z)[:, None, None, :]
        h_y = Dense(self.first, use_bias=False)(y)[:, None, None, :] + h_z
        for index, stage in enumerate(self.stages):
            last = index == len(self.stages) - 1
            h_y = BatchNorm()(h_y, train=train)
            h_z = leaky_relu(BatchNorm()(h_z, train=train))
            h_z = _up_conv(stage, h_z, bias=last, train=train)
            h_y = _up_conv(stage, h_y, bias=last, train=train) + h_z
        return nn.sigmoid(h_y)


# Standard deviation of the initial weights of a unit of the discriminator, from its inputs.
DISCRIMINATOR_INITS: Mapping[str, Callable[[int], float]] = {
    "normal": lambda inputs: INIT_STD,
    "he": lambda inputs: math.sqrt(2 / inputs),
}


class JointDiscriminator(nn.Module):
    """D(x, y, z): Tables 6 and 10. No batch normalisation, as the gradient penalty requires.

    Attributes:
        stages: convolutions of x down to a 1x1 map.
        hidden: width of the two layers of y and of z.
        joint: width of the two layers after the concatenation.
        dropout: rate on the input of every dense layer but the first ones of y and z.
        initial: one of `DISCRIMINATOR_INITS`, what the weights start from.
    """

    stages: tuple[Stage, ...]
    hidden: int
    joint: int
    dropout: float
    initial: str = "normal"

    @nn.compact
    def __call__(self, x: jax.Array, y: jax.Array, z: jax.Array, *, train: bool) -> jax.Array:
        def dropout(h: jax.Array) -> jax.Array:
            return Dropout(self.dropout)(h, train=train)

        std_of = DISCRIMINATOR_INITS[self.initial]

        def conv(stage: Stage, h: jax.Array) -> jax.Array:
            stddev = std_of(stage.width**2 * h.shape[-1])
            return _conv(stage, bias=True, train=train, stddev=stddev)(h)

        def dense(features: int, h: jax.Array) -> jax.Array:
            return Dense(features, std_of(h.shape[-1]))(h)

        for stage in self.stages:
            x = leaky_relu(conv(stage, x))
        branches = [x.reshape(x.shape[0], -1)]
        for h in (y, z):
            h = leaky_relu(dense(self.hidden, h))
            branches.append(leaky_relu(dense(self.hidden, dropout(h))))
        h = jnp.concatenate(branches, axis=-1)
        for _ in range(2):
            h = leaky_relu(dense(self.joint, dropout(h)))
        return dense(1, dropout(h))[:, 0]

"""Layers of all networks: the papers' initialisation, statistics of the global batch."""

import math
from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax import parallel
from aae_jax.networks import convolution

INIT_STD = 0.02  # of initial weights, where a table says nothing else


def widen(factor: float, *widths: int) -> tuple[int, ...]:
    """Layers' widths times a factor, rounded up."""
    # Without the last digits: 0.07 * 100 is a little more than 7.
    return tuple(math.ceil(round(factor * width, 9)) for width in widths)


class Dense(nn.Module):
    """Affine map of the last axis, weights drawn from N(0, stddev^2), biases zero."""

    features: int
    stddev: float = INIT_STD
    use_bias: bool = True

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        return nn.Dense(
            self.features, self.use_bias, kernel_init=nn.initializers.normal(self.stddev)
        )(x)


class Conv(nn.Module):
    """2-D convolution, NHWC, weights drawn from N(0, stddev^2), biases zero."""

    features: int
    width: int
    stride: int = 1
    padding: str | int = "VALID"
    stddev: float = INIT_STD
    use_bias: bool = True
    operator: Callable[..., jax.Array] = convolution.conv2d

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        shape = (self.width, self.width, x.shape[-1], self.features)
        kernel = self.param("kernel", nn.initializers.normal(self.stddev), shape)
        y = self.operator(x, kernel, self.stride, self.padding)
        if self.use_bias:
            bias = self.param("bias", nn.initializers.zeros, (self.features,))
            y += jnp.broadcast_to(bias, y.shape)
        return y


class UpConv(Conv):
    """Transposed 2-D convolution, NHWC: VALID maps width W to (W - 1) * stride + kernel width."""

    operator: Callable[..., jax.Array] = convolution.conv_transpose2d


class BatchNorm(nn.Module):
    """Batch normalisation with statistics of the global batch, running averages for evaluation.

    The averages keep 0.9 of what they were at each use, and `aae_jax.batch_statistics` settles them
    for evaluation. With 0.99 they lag behind the weights: in an implicit autoencoder of MNIST the
    means of test codes were up to 2.2 deviations off.

    Attributes:
        use_bias: whether a learned shift follows.
        scale: the learned deviation, at first.
    """

    use_bias: bool = True
    scale: float = 1.0

    @nn.compact
    def __call__(self, x: jax.Array, *, train: bool) -> jax.Array:
        return nn.BatchNorm(
            use_running_average=not train,
            momentum=0.9,
            axis_name=parallel.axis_name(),
            use_bias=self.use_bias,
            scale_init=nn.initializers.constant(self.scale),
        )(x)


def max_pool(x: jax.Array) -> jax.Array:
    """2x2 max pooling with stride 2: (B, H, W, C), H and W even, to (B, H/2, W/2, C)."""
    b, h, w, c = x.shape
    return x.reshape(b, h // 2, 2, w // 2, 2, c).max(axis=(2, 4))


def leaky_relu(x: jax.Array) -> jax.Array:
    """Leaky ReLU of slope 0.2, the slope of the mixture model's tables."""
    return nn.leaky_relu(x, 0.2)

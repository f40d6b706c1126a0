"""Inception-v3 as the Fréchet inception distance uses it.

The network of "Rethinking the Inception Architecture for Computer Vision", with the differences of
the graph that "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium"
published its distances with: average pooling counts no padding, the last block pools maxima, and
there are 1,008 outputs. Layers bear the names that their weights have in the usual files.
"""

from collections.abc import Mapping

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

from aae_jax.errors import UserError
from aae_jax.networks.classifier import Opinion

SIZE = 299  # height and width that the network reads
RANGE = (-1.0, 1.0)  # what black and white become
FEATURES = 2048
CLASSES = 1008

# Stored beside the weights, and without a part in what is computed here: how many batches a
# normalisation has seen, and the last layer's bias.
_UNUSED = ("num_batches_tracked", "fc.bias")

# Path of a variable below its layer -> its name in a file of PyTorch weights.
_NAMES = {
    ("conv", "kernel"): "conv.weight",
    ("bn", "scale"): "bn.weight",
    ("bn", "bias"): "bn.bias",
    ("bn", "mean"): "bn.running_mean",
    ("bn", "var"): "bn.running_var",
    ("kernel",): "weight",
}


class _Unit(nn.Module):
    """Convolution, batch normalisation, ReLU. A convolution that strides reads no padding."""

    maps: int
    kernel: tuple[int, int]
    stride: int = 1
    padding: str = "SAME"

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        padding = self.padding if self.stride == 1 else "VALID"
        x = nn.Conv(
            self.maps, self.kernel, self.stride, padding=padding, use_bias=False, name="conv"
        )(x)
        return nn.relu(nn.BatchNorm(use_running_average=True, epsilon=1e-3, name="bn")(x))


def _units(x: jax.Array, *units: tuple) -> jax.Array:
    """Units in a row, each (name, maps, kernel) or (name, maps, kernel, stride)."""
    for name, maps, kernel, *stride in units:
        kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        x = _Unit(maps, kernel, *stride, name=name)(x)
    return x


def _mean_pool(x: jax.Array) -> jax.Array:
    """Mean of the 3x3 pixels around each, of fewer at the edges: padding does not count."""
    return nn.avg_pool(x, (3, 3), padding="SAME", count_include_pad=False)


def _max_pool(x: jax.Array) -> jax.Array:
    """Maximum of the 3x3 pixels around each."""
    return nn.max_pool(x, (3, 3), padding="SAME")


def _halve(x: jax.Array) -> jax.Array:
    """Maximum of 3x3 pixels, every second one."""
    return nn.max_pool(x, (3, 3), (2, 2))


def _join(*branches: jax.Array) -> jax.Array:
    return jnp.concatenate(branches, axis=-1)


class _Mixed5(nn.Module):
    """Maps of 35x35: 224 channels and those of the pooled branch."""

    pooled: int

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        return _join(
            _units(x, ("branch1x1", 64, 1)),
            _units(x, ("branch5x5_1", 48, 1), ("branch5x5_2", 64, 5)),
            _units(
                x, ("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3)
            ),
            _units(_mean_pool(x), ("branch_pool", self.pooled, 1)),
        )


class _Mixed6a(nn.Module):
    """From 35x35 to 17x17."""

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        return _join(
            _units(x, ("branch3x3", 384, 3, 2)),
            _units(
                x,
                ("branch3x3dbl_1", 64, 1),
                ("branch3x3dbl_2", 96, 3),
                ("branch3x3dbl_3", 96, 3, 2),
            ),
            _halve(x),
        )


class _Mixed6(nn.Module):
    """Maps of 17x17: 768 channels, `inner` of them between the long convolutions."""

    inner: int

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        inner = self.inner
        return _join(
            _units(x, ("branch1x1", 192, 1)),
            _units(
                x,
                ("branch7x7_1", inner, 1),
                ("branch7x7_2", inner, (1, 7)),
                ("branch7x7_3", 192, (7, 1)),
            ),
            _units(
                x,
                ("branch7x7dbl_1", inner, 1),
                ("branch7x7dbl_2", inner, (7, 1)),
                ("branch7x7dbl_3", inner, (1, 7)),
                ("branch7x7dbl_4", inner, (7, 1)),
                ("branch7x7dbl_5", 192, (1, 7)),
            ),
            _units(_mean_pool(x), ("branch_pool", 192, 1)),
        )


class _Mixed7a(nn.Module):
    """From 17x17 to 8x8."""

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        return _join(
            _units(x, ("branch3x3_1", 192, 1), ("branch3x3_2", 320, 3, 2)),
            _units(
                x,
                ("branch7x7x3_1", 192, 1),
                ("branch7x7x3_2", 192, (1, 7)),
                ("branch7x7x3_3", 192, (7, 1)),
                ("branch7x7x3_4", 192, 3, 2),
            ),
            _halve(x),
        )


class _Mixed7(nn.Module):
    """Maps of 8x8: 2,048 channels. `last`: the pooled branch takes maxima, not means."""

    last: bool

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        wide = _units(x, ("branch3x3_1", 384, 1))
        wider = _units(x, ("branch3x3dbl_1", 448, 1), ("branch3x3dbl_2", 384, 3))
        pooled = _max_pool(x) if self.last else _mean_pool(x)
        return _join(
            _units(x, ("branch1x1", 320, 1)),
            _units(wide, ("branch3x3_2a", 384, (1, 3))),
            _units(wide, ("branch3x3_2b", 384, (3, 1))),
            _units(wider, ("branch3x3dbl_3a", 384, (1, 3))),
            _units(wider, ("branch3x3dbl_3b", 384, (3, 1))),
            _units(pooled, ("branch_pool", 192, 1)),
        )


class Inception(nn.Module):
    """The trained network: nothing here is ever updated."""

    @nn.compact
    def __call__(self, x: jax.Array) -> Opinion:
        """Judges images (B, 299, 299, 3) in [-1, 1]: logits (B, 1008), features (B, 2048).

        The logits lack the last layer's bias, as those of the inception scores in the literature
        do ("Improved Techniques for Training GANs").
        """
        x = _Unit(32, (3, 3), 2, name="Conv2d_1a_3x3")(x)
        x = _Unit(32, (3, 3), padding="VALID", name="Conv2d_2a_3x3")(x)
        x = _halve(_Unit(64, (3, 3), name="Conv2d_2b_3x3")(x))
        x = _Unit(80, (1, 1), name="Conv2d_3b_1x1")(x)
        x = _halve(_Unit(192, (3, 3), padding="VALID", name="Conv2d_4a_3x3")(x))
        for letter, pooled in zip("bcd", (32, 64, 64), strict=True):
            x = _Mixed5(pooled, name=f"Mixed_5{letter}")(x)
        x = _Mixed6a(name="Mixed_6a")(x)
        for letter, inner in zip("bcde", (128, 160, 160, 192), strict=True):
            x = _Mixed6(inner, name=f"Mixed_6{letter}")(x)
        x = _Mixed7a(name="Mixed_7a")(x)
        x = _Mixed7(last=False, name="Mixed_7b")(x)
        x = _Mixed7(last=True, name="Mixed_7c")(x)
        features = x.mean(axis=(1, 2))
        return Opinion(nn.Dense(CLASSES, use_bias=False, name="fc")(features), features)


def prepare(x: jax.Array) -> jax.Array:
    """What the network reads, of images in [0, 1].

    Pixels are interpolated between their centres and, where images shrink, not averaged first: the
    convention of PyTorch's `interpolate` and of the distances that are computed with it. The first
    distances were computed by a TensorFlow that put pixels at their corners, which moves an image
    by up to half a pixel. Values are not rounded to 256 levels.

    Args:
        x: (B, H, W, C) with one channel or three; a grey one becomes three alike.

    Returns:
        (B, 299, 299, 3) in [-1, 1].
    """
    x = jax.image.resize(x, (len(x), SIZE, SIZE, x.shape[-1]), "bilinear", antialias=False)
    lo, hi = RANGE
    return jnp.broadcast_to(lo + (hi - lo) * x, (*x.shape[:3], 3))


def from_torch(weights: Mapping[str, np.ndarray]) -> dict[str, dict]:
    """The variables of `Inception`, of weights under the names that PyTorch files give them.

    Args:
        weights: name ('Mixed_5b.branch1x1.conv.weight', ...) -> array in PyTorch's layout.

    Raises:
        UserError: a weight is missing, has another shape or is not finite, or one has no place.
    """
    image = jax.ShapeDtypeStruct((1, SIZE, SIZE, 3), jnp.float32)
    shapes = jax.eval_shape(Inception().init, jax.random.key(0), image)
    left = {name for name in weights if not name.endswith(_UNUSED)}

    def place(path: tuple, leaf: jax.ShapeDtypeStruct) -> np.ndarray:
        _, *parts = (key.key for key in path)  # the first: params or batch_stats
        kind = next(kind for kind in _NAMES if tuple(parts[-len(kind) :]) == kind)
        name = ".".join([*parts[: -len(kind)], _NAMES[kind]])
        if name not in weights:
            raise UserError(f"{name} is missing")
        left.discard(name)
        value = np.asarray(weights[name], np.float32)
        if value.ndim == 4:  # (out, in, height, width)
            value = value.transpose(2, 3, 1, 0)
        elif value.ndim == 2:  # (out, in)
            value = value.T
        if value.shape != leaf.shape:
            raise UserError(f"{name} has the shape {np.shape(weights[name])} of another network")
        if not np.isfinite(value).all():
            raise UserError(f"{name} is not finite")
        return value

    variables = jax.tree_util.tree_map_with_path(place, shapes)
    if left:
        raise UserError(f"{min(left)} belongs to another network")
    return variables

"""Penalty on the gradient of a discriminator between real and fake inputs."""

from collections.abc import Callable, Sequence

import chex
import jax
import jax.numpy as jnp

from aae_jax.losses import _checks

Inputs = Sequence[jax.Array]


def interpolate(real: Inputs, fake: Inputs, alpha: jax.Array) -> tuple[jax.Array, ...]:
    """Points on the straight lines between real and fake inputs.

    Args:
        real: n floating arrays, each (B, ...).
        fake: n arrays of the same shapes.
        alpha: (B,), in [0, 1]; one value per example, shared by all its inputs. 1 gives real.

    Returns:
        alpha * real + (1 - alpha) * fake, n arrays of the shapes of `real`.

    Raises:
        AssertionError: if inputs are no sequences, there are none, or shapes or dtypes are not as
            stated (one-hot labels must be floating).
    """
    for inputs in (real, fake):
        if not isinstance(inputs, Sequence):  # an array would be taken for its examples
            raise AssertionError(
                f"need sequences of arrays, as (x,) and (x_fake,), got {type(inputs).__name__}"
            )
    if len(real) != len(fake) or not real:
        raise AssertionError(f"need as many real inputs as fake ones, got {len(real)}, {len(fake)}")
    chex.assert_rank(alpha, 1)
    chex.assert_equal_shape_prefix([*real, *fake, alpha], 1)
    points = []
    for one, other in zip(real, fake, strict=True):
        chex.assert_equal_shape([one, other])
        chex.assert_type([one, other], float)
        weight = jnp.expand_dims(alpha.astype(one.dtype), tuple(range(1, one.ndim)))
        points.append(weight * one + (1.0 - weight) * other)
    return tuple(points)


def gradient_penalty(
    discriminator_fn: Callable[..., jax.Array],
    real: Inputs,
    fake: Inputs,
    alpha: jax.Array,
    target: float = 1.0,
) -> jax.Array:
    """(||gradient of the logit with respect to all inputs jointly||_2 - target)^2, per example.

    The gradient is taken at `interpolate(real, fake, alpha)`. Where it is exactly zero, the
    penalty's own gradient is defined as zero, and so stays finite.

    Args:
        discriminator_fn: called as `discriminator_fn(*inputs)`, gives logits (B,). It must treat
            examples independently (no batch norm): all gradients come from one sum of logits, so
            a dependence between examples would be counted as part of them.
        real: n floating arrays, each (B, ...).
        fake: n arrays of the same shapes.
        alpha: (B,), uniform draws from [0, 1], such as `jax.random.uniform(key, (B,))`.
        target: the norm without penalty.

    Returns:
        Penalties of shape (B,), at least 0, at least float32; the caller weights their mean.

    Raises:
        AssertionError: if shapes are not as stated, `discriminator_fn` gives anything but (B,),
            or an input is not floating.

    Source: "Adversarially Learned Mixture Model", Eq. 18; "Improved Training of Wasserstein
    GANs", Eq. 3.
    """

    def sum_of_logits(inputs: tuple[jax.Array, ...]) -> jax.Array:
        logits = discriminator_fn(*inputs)
        chex.assert_shape(logits, alpha.shape)
        return jnp.sum(logits)

    gradients = jax.grad(sum_of_logits)(interpolate(real, fake, alpha))
    squares = sum(_checks.sum_features(jnp.square(g)) for g in _checks.floating(*gradients))
    # The square root has no derivative at 0; the inner `where` keeps its NaN out of the gradient.
    is_zero = squares == 0.0
    norms = jnp.where(is_zero, 0.0, jnp.sqrt(jnp.where(is_zero, 1.0, squares)))
    return jnp.square(norms - target)

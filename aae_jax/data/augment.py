"""Small random changes of images that leave their labels alone."""

import jax
import jax.numpy as jnp
from jax.scipy.ndimage import map_coordinates


def rotate_and_shift(x: jax.Array, angle: jax.Array, shift: jax.Array) -> jax.Array:
    """Turns each image about its centre, then moves it, in one bilinear resampling.

    What comes in from outside an image repeats the pixel at its edge, which is the background
    whatever the value range.

    Args:
        x: images (B, H, W, C).
        angle: (B,), radians, anticlockwise as one looks at the image.
        shift: (B, 2), pixels down and to the right.

    Returns:
        (B, H, W, C). A turn of 0 and a shift of whole pixels interpolate nothing.
    """
    height, width = x.shape[1:3]
    middle = jnp.array([(height - 1) / 2, (width - 1) / 2])
    rows, columns = jnp.meshgrid(jnp.arange(height), jnp.arange(width), indexing="ij")

    def resample(image: jax.Array, angle: jax.Array, shift: jax.Array) -> jax.Array:
        # Where each new pixel was before: the shift undone, then the turn.
        down, right = rows - middle[0] - shift[0], columns - middle[1] - shift[1]
        cos, sin = jnp.cos(angle), jnp.sin(angle)
        places = [cos * down + sin * right + middle[0], cos * right - sin * down + middle[1]]
        return jax.vmap(
            lambda channel: map_coordinates(channel, places, order=1, mode="nearest"), -1, -1
        )(image)

    return jax.vmap(resample)(x, angle, shift)


def random_turn_and_shift(
    x: jax.Array, keys: jax.Array, rotation: float, shift: float
) -> jax.Array:
    """Turns and moves each image by amounts drawn uniformly.

    Args:
        x: images (B, H, W, C).
        keys: one for each image, (B,).
        rotation: largest angle either way, degrees.
        shift: largest move in each direction, pixels.

    Returns:
        (B, H, W, C).
    """
    draws = jax.vmap(lambda key: jax.random.uniform(key, (3,), minval=-1.0, maxval=1.0))(keys)
    return rotate_and_shift(x, jnp.deg2rad(rotation) * draws[:, 0], shift * draws[:, 1:])

"""Generated point sets: the toy mixtures, and the four data points, of the papers.

The points of a set are the same in every run: train and test come from two fixed streams.
"""

import numpy as np
from ml_collections import ConfigDict

from aae_jax.data.modes import Modes
from aae_jax.data.sources.base import Source, in_memory
from aae_jax.data.stream import generator


def grid_modes() -> Modes:
    """25 Gaussians of equal weights, means {-4, -2, 0, 2, 4}^2 and std 0.05.

    Source: "AIM: Adversarial Inference by Matching Priors and Conditionals", Fig. 3a; the values
    are those of the works it follows.
    """
    axis = np.arange(-4, 5, 2, dtype=np.float32)
    means = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(25, 2)
    return Modes(means, 0.05)


def ring_modes() -> Modes:
    """7 Gaussians of equal weights on a circle of radius 2, std 0.2, the first mean to the right.

    Source: "Implicit Autoencoders", Fig. 5, which prints no values.
    """
    angle = 2 * np.pi * np.arange(7) / 7
    means = 2 * np.stack([np.cos(angle), np.sin(angle)], -1)
    return Modes(means.astype(np.float32), 0.2)


def open_grid(config: ConfigDict) -> Source:
    """The 25-Gaussian grid: 100,000 train points unless data.size says otherwise, a tenth test."""
    return _open_mixture(grid_modes(), config)


def open_ring(config: ConfigDict) -> Source:
    """The 7-Gaussian ring: 100,000 train points unless data.size says otherwise, a tenth test."""
    return _open_mixture(ring_modes(), config)


def open_four_points(config: ConfigDict) -> Source:
    """Four data points ("Implicit Autoencoders", Figs. 8 and 9), each repeated equally often.

    The paper does not print the points: here they are the unit vectors of four dimensions, all
    equally far from one another (2x2 images with one lit pixel). The label is the point's number.
    data.size counts the copies of all four together, 10,000 by default; test has a tenth.
    """

    modes = Modes(np.eye(4, dtype=np.float32), 0.0)

    def copies(n: int) -> tuple[np.ndarray, np.ndarray]:
        label = np.arange(n, dtype=np.int32) % 4
        return modes.means[label], label

    train, test = _sizes(config, 10_000, 4)
    splits = {"train": copies(train), "test": copies(test)}
    return in_memory("four generated data points", splits, num_classes=4, modes=modes)


def _open_mixture(modes: Modes, config: ConfigDict) -> Source:
    means, std = modes

    def draw(n: int, stream: int) -> tuple[np.ndarray, np.ndarray]:
        rng = generator(0, stream)
        label = rng.integers(len(means), size=n, dtype=np.int32)
        noise = std * rng.standard_normal((n, 2), dtype=np.float32)
        return (means[label] + noise).astype(np.float32), label

    train, test = _sizes(config, 100_000, len(means))
    origin = f"a generated mixture of {len(means)} Gaussians"
    splits = {"train": draw(train, 0), "test": draw(test, 1)}
    return in_memory(origin, splits, num_classes=len(means), modes=modes)


def _sizes(config: ConfigDict, default: int, least: int) -> tuple[int, int]:
    train = config.size or default
    return train, max(train // 10, least)

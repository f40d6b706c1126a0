"""The images that a two-dimensional code space holds."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

SIDE = 16
DRAWS = 100_000  # of the prior, to find its percentiles


def percentile_grid(z: np.ndarray, side: int) -> np.ndarray:
    """Codes [side, side, 2] on the percentiles of draws z [N, 2] of the prior.

    Percentiles (i + 1/2) / side of each axis; z_1 grows to the right, z_2 upwards.
    """
    level = (np.arange(side) + 0.5) / side
    z_1, z_2 = np.quantile(z[:, 0], level), np.quantile(z[:, 1], level)[::-1]
    return np.stack(np.meshgrid(z_1, z_2), axis=2).astype(np.float32)


def manifold(model: Model, dataset: Any, seed: int) -> Figure:
    """Images decoded from a grid over the percentiles of the prior.

    Fig. 2e of "Adversarial Autoencoders", there for a Gaussian prior. The percentiles are measured
    on draws, so that any prior of the plane will do.
    """
    codes = percentile_grid(model.prior(DRAWS, seed)["z"], SIDE)
    return decoded(model, dataset, codes, "at the percentiles of each axis of the prior")


def decoded(model: Model, dataset: Any, codes: np.ndarray, where: str) -> Figure:
    """Images decoded from codes [rows, columns, 2], of which `where` says where they lie."""
    x = model.decode({"z": codes.reshape(-1, 2)})
    x = to_rgb(x, dataset.test).reshape(*codes.shape[:2], *dataset.example_shape[:2], 3)
    return Figure(
        grid(
            x,
            [f"{value:.1f}" for value in codes[:, 0, 1]],
            [f"{value:.1f}" for value in codes[0, :, 0]],
        ),
        f"Manifold: images decoded from a {len(codes)} x {len(codes[0])} grid of codes {where}, "
        "first code dimension to the right, second upwards. Neighbours should change smoothly.",
    )


PLOT = Plot(manifold, Needs(("prior", "decode"), data="images", code_width=2, only_z=True))

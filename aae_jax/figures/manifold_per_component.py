"""The images that each of the first components of a two-dimensional prior holds."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.images import grid, to_rgb
from aae_jax.figures.manifold import DRAWS, percentile_grid
from aae_jax.metrics.needs import Model, Needs

COMPONENTS, SIDE = 3, 7


def principal_axes(z: np.ndarray) -> np.ndarray:
    """Unit vectors, rows of [2, 2], along which points z [N, 2] spread most and least.

    The first points away from the origin and the second is a left turn from it, so that the same
    place in two components of a prior that is symmetric about the origin means the same.
    """
    _, axes = np.linalg.eigh(np.cov(z.T))
    first = axes[:, -1]
    outward = first @ z.mean(axis=0)
    first = first if outward >= 0 else -first
    return np.stack([first, [-first[1], first[0]]])


def component_grid(z: np.ndarray, side: int) -> np.ndarray:
    """Codes [side, side, 2] on the percentiles of draws z [N, 2] along their principal axes."""
    axes = principal_axes(z)
    return (percentile_grid(z @ axes.T, side) @ axes).astype(np.float32)


def manifold_per_component(model: Model, dataset: Any, seed: int) -> Figure:
    """Images decoded from a grid over the percentiles of each of the first few components.

    Fig. 4b of "Adversarial Autoencoders". Axes and percentiles are measured on draws, so that any
    prior of the plane with components will do.
    """
    count = min(COMPONENTS, model.components)
    codes = np.stack(
        [component_grid(model.prior(DRAWS, seed, component=k)["z"], SIDE) for k in range(count)],
        axis=1,
    )  # [side, count, side, 2]: the panels side by side
    x = to_rgb(model.decode({"z": codes.reshape(-1, 2)}), dataset.test)
    middles = [""] * (count * SIDE)
    middles[SIDE // 2 :: SIDE] = [f"component {k}" for k in range(count)]
    return Figure(
        grid(
            x.reshape(SIDE, count * SIDE, *x.shape[1:]),
            column_labels=middles,
            wide_columns=range(SIDE, count * SIDE, SIDE),
        ),
        f"Manifold by component: images decoded from a {SIDE} x {SIDE} grid of codes at the "
        "percentiles of one component of the prior, its longer axis to the right (away from the "
        "origin), its shorter one upwards. Each panel should hold one kind of image, and the same "
        "place in each panel the same style.",
    )


PLOT = Plot(
    manifold_per_component,
    Needs(("prior", "decode"), components=True, data="images", code_width=2, only_z=True),
)

"""How far the posteriors of different data points overlap."""

import math
from itertools import combinations
from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs
from aae_jax.metrics.posterior_draws import variational_draws

DRAWS = 20_000  # of each posterior
BINS = 20  # along each of the two axes


def overlaps(draws: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Overlapping coefficient, 1 - total variation, of histograms: sum over bins of min(p, q).

    The edges of the 20 x 20 bins are percentiles of all draws along each axis. Bending an axis
    changes no overlap, and so neither units nor outliers matter.

    Args:
        draws: [K, N, 2], draws of K distributions.
        other: [K, M, 2].

    Returns:
        [K, K] in [0, 1]: row i and column j for draws[i] against other[j].
    """
    pooled = np.concatenate([draws.reshape(-1, 2), other.reshape(-1, 2)])
    edges = np.quantile(pooled, np.arange(1, BINS) / BINS, axis=0)

    def histograms(z: np.ndarray) -> np.ndarray:
        row, column = (np.searchsorted(edges[:, i], z[..., i], side="right") for i in range(2))
        cell = row * BINS + column
        return np.stack([np.bincount(one, minlength=BINS**2) / len(one) for one in cell])

    return np.minimum(histograms(draws)[:, None], histograms(other)[None]).sum(axis=2)


def posterior_overlap(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Compares the q(z|x) of each two data points.

    The overlap that Figs. 8b and 9b of "Implicit Autoencoders" show.

    Args:
        model: needs `encode`, `posterior` and a two-dimensional code.
        dataset: needs to repeat a few points.
        seed: of the draws.

    Returns:
        posterior_overlap: mean over the pairs of data points of the overlapping coefficient, in
            [0, 1]: 0 separate, 1 equal. Separate posteriors that touch along a slanting border
            share bins there and score up to about 0.03.
        posterior_overlap_equal: mean over data points of the coefficient of two samples of the same
            posterior: what equal posteriors score, below 1 by the noise of 20,000 draws (about
            0.92).
        Both are NaN when a draw is not finite.
    """
    points = dataset.modes.means
    z = variational_draws(model, points, 2 * DRAWS, seed)
    if not np.isfinite(z).all():
        return dict.fromkeys(("posterior_overlap", "posterior_overlap_equal"), math.nan)
    overlap = overlaps(z[:, :DRAWS], z[:, DRAWS:])
    pairs = [overlap[i, j] for i, j in combinations(range(len(points)), 2)]
    return {
        "posterior_overlap": float(np.mean(pairs)),
        "posterior_overlap_equal": float(overlap.diagonal().mean()),
    }


METRIC = Metric(
    posterior_overlap,
    Needs(("encode", "posterior"), modes="points", code_width=2),
    {
        "posterior_overlap": Value(
            "Overlap of the posteriors q(z|x) of two data points, mean over pairs: "
            "0 separate, 1 equal",
            "lower",
        ),
        "posterior_overlap_equal": Value(
            "Draws of one posterior against others of the same",
            "",
            yardstick_of="posterior_overlap",
        ),
    },
)

"""How well the model's posterior agrees with the true posterior of its generator."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.code_match import MAX_POINTS, energy_coefficient
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs
from aae_jax.metrics.posterior_draws import true_draws, variational_draws

PRIOR_DRAWS = 20_000  # half for the comparison, half for its floor
LEAST = 50  # draws of a true posterior below which it counts as absent


def posterior_true_match(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Compares draws of q(z|x_i) with those draws of p(z) that the generator makes x_i of.

    The comparison of the two halves of Figs. 8 and 9 of "Implicit Autoencoders". Draws whose sample
    is near no data point count for none (see `posterior_draws`), so what is compared may be a small
    part of the prior: `posterior_true_share` says how large a part. A data point that the generator
    does not make has no true posterior to agree with, and scores 1.

    Args:
        model: needs `encode`, `posterior`, `prior`, `decode` and a two-dimensional code.
        dataset: needs to repeat a few points.
        seed: of the draws.

    Returns:
        posterior_true_energy: mean over data points of the energy coefficient between up to 2,000
            draws of either posterior, in [0, 1]: 0 equal, 1 disjoint.
        posterior_true_energy_floor: mean, over the data points that the generator makes, of the
            same between two samples of the true posterior; NaN when it makes none.
        posterior_true_share: share of the prior whose samples are near a data point, in [0, 1].
        posterior_true_share_least: share of the data point that the generator makes least often,
            in [0, 1/K]; 1/K for a perfect one of K points.
        All are NaN when a draw of q(z|x) is not finite.
    """
    points = dataset.modes.means
    names = ("energy", "energy_floor", "share", "share_least")
    drawn = variational_draws(model, points, MAX_POINTS, seed)
    if not np.isfinite(drawn).all():
        return {f"posterior_true_{name}": math.nan for name in names}
    z, point = true_draws(model, points, PRIOR_DRAWS, seed + 1)
    half = PRIOR_DRAWS // 2
    energy, floor = [], []
    for i in range(len(points)):
        true, other = (
            z[part][point[part] == i][:MAX_POINTS] for part in (slice(half), slice(half, None))
        )
        if min(len(true), len(other)) < LEAST:
            energy.append(1.0)
            continue
        energy.append(energy_coefficient(drawn[i, : len(other)], true))
        floor.append(energy_coefficient(other, true))
    share = [(point == i).mean() for i in range(len(points))]
    values = (np.mean(energy), np.mean(floor) if floor else math.nan, np.sum(share), np.min(share))
    return {f"posterior_true_{name}": float(v) for name, v in zip(names, values, strict=True)}


METRIC = Metric(
    posterior_true_match,
    Needs(("encode", "posterior", "prior", "decode"), modes="points", code_width=2),
    {
        "posterior_true_energy": Value(
            "Distance between q(z|x) and the true posterior of the generator (energy "
            "coefficient), mean over data points: 0 equal, 1 disjoint or never generated",
            "lower",
        ),
        "posterior_true_energy_floor": Value(
            "Two samples of the true posterior against each other",
            "",
            yardstick_of="posterior_true_energy",
        ),
        "posterior_true_share": Value(
            "Draws of the prior that the generator makes a data point of, within a quarter of "
            "the least distance between data points",
            "higher",
            fraction=True,
        ),
        "posterior_true_share_least": Value(
            "Draws of the prior that it makes the rarest data point of",
            "higher",
            fraction=True,
        ),
    },
)

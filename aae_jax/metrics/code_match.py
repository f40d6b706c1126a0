"""How well the codes of the test set follow the prior."""

from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Code, Model, Needs

MAX_POINTS = 2_000  # of each sample; the cost is quadratic


def energy_coefficient(a: np.ndarray, b: np.ndarray) -> float:
    """Distance between two samples' distributions, in [0, 1], 0 for identical samples.

    The energy distance 2 E|a - b| - E|a - a'| - E|b - b'| divided by 2 E|a - b| (0 when that is
    0), with means over all pairs. Free of units and of parameters. Source: Székely and Rizzo,
    "Energy statistics: A class of statistics based on distances".

    Args:
        a: [N, d].
        b: [M, d].
    """
    from scipy.spatial.distance import cdist

    between = 2 * cdist(a, b).mean()
    within = cdist(a, a).mean() + cdist(b, b).mean()
    # Not `between > 0`, which would turn NaN into a perfect match.
    return 0.0 if between == 0 else float((between - within) / between)


def _flat(code: Code) -> np.ndarray:
    """All parts of codes but the local one `n`, side by side: [N, d]."""
    parts = [code[name] for name in sorted(code) if name != "n"]
    return np.concatenate([part.reshape(len(part), -1) for part in parts], 1)


def _prior_draws(model: Model, n: int, seed: int, label: np.ndarray | None) -> np.ndarray:
    """n codes of the prior, [n, d]; of these labels, grouped by them, where there are any."""
    if label is None:
        return _flat(model.prior(n, seed))
    sizes = enumerate(np.bincount(label))
    drawn = [_flat(model.prior(size, seed + 2 * k, component=k)) for k, size in sizes if size]
    return np.concatenate(drawn)


def code_match(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Compares posterior draws of test images with prior draws, all parts of the code together.

    All parts but the local code `n` of an implicit decoder ("Implicit Autoencoders"): it is drawn
    from its prior on either side, and its agreement would dilute the distance.

    Args:
        model: needs `encode` and `prior`.
        dataset: any data.
        seed: chooses the images (at most `MAX_POINTS`) and the draws.

    Returns:
        code_prior_energy: energy coefficient between test codes and as many prior draws, in
            [0, 1]. Where codes hold the label, the draws have the labels of these images, so that
            classes of unequal size are no mismatch.
        code_prior_energy_floor: the same between two samples of the prior, what a perfect match
            would score at this sample size.
    """
    test = dataset.test
    index = test.some(MAX_POINTS, seed)
    label = test.label_at(index)
    codes = _flat(model.encode(test.x(index), seed=seed, label=label))
    # Seeds far apart from each other's neighbours, so that no two draws share a seed.
    prior, other = (
        _prior_draws(model, len(index), 1000 * (seed + 1) + i, label if model.conditioned else None)
        for i in range(2)
    )
    return {
        "code_prior_energy": energy_coefficient(codes, prior),
        "code_prior_energy_floor": energy_coefficient(other, prior),
    }


METRIC = Metric(
    code_match,
    Needs(("encode", "prior")),
    {
        "code_prior_energy": Value(
            "Distance between the distributions of test codes and of the prior "
            "(energy coefficient): 0 equal, 1 disjoint",
            "lower",
        ),
        "code_prior_energy_floor": Value(
            "Two samples of the prior against each other",
            "",
            yardstick_of="code_prior_energy",
        ),
    },
)

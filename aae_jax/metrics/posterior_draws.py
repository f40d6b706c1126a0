"""Draws of the codes of a few data points: by the model's q(z|x), and by its generator."""

import numpy as np

from aae_jax.metrics.nearest_mode import nearest_mode
from aae_jax.metrics.needs import Model

NO_POINT = -1
# A sample counts as a data point when it is within this share of the distance between the two
# nearest data points. At 1/2 each sample on the way from one point to the other would count.
RADIUS = 0.25


def variational_draws(model: Model, points: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Draws of q(z|x) for each data point.

    Args:
        model: needs `encode` and `posterior`; one whose decoder reads the label is given the number
            of the point.
        points: [K, D].
        n: draws for each.
        seed: of the draws.

    Returns:
        float [K, n, d].
    """
    label = np.repeat(np.arange(len(points)), n)
    z = model.encode(points[label], seed=seed, label=label)["z"]
    return z.reshape(len(points), n, -1)


def true_draws(
    model: Model, points: np.ndarray, n: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draws of p(z), each with the data point that the generator makes of it.

    Those of data point i are draws of the true posterior p(z|x_i), up to the generator's precision:
    (z, local noise) ~ prior, kept where the sample is x_i. A sample that is near no data point
    belongs to the posterior of none.

    Args:
        model: needs `prior` and `decode`.
        points: [K, D], K > 1.
        n: draws.
        seed: of the draws.

    Returns:
        z, float [n, d], and the number of the data point, int [n], or `NO_POINT` where the sample
        is further than `RADIUS` from all of them.
    """
    code = model.prior(n, seed)
    index, distance = nearest_mode(model.decode(code), points)
    between = np.sqrt(np.square(points[:, None] - points[None]).sum(axis=2))
    closest = between[~np.eye(len(points), dtype=bool)].min()
    # Not `distance > ...`, which NaN would pass.
    return code["z"], np.where(distance <= RADIUS * closest, index, NO_POINT)

"""Which of a few known points is nearest, in plain numpy."""

import numpy as np


def nearest_mode(x: np.ndarray, means: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Finds the nearest mean of each example.

    Args:
        x: [N, ...], examples with D values each.
        means: [K, D].

    Returns:
        The index of the nearest mean, int [N] (the smallest of equally near ones), and the
        Euclidean distance to it, [N]; the distance is not finite where the example is not.
    """
    x = np.asarray(x, np.float64).reshape(len(x), 1, -1)
    distance = np.sqrt(np.square(x - np.asarray(means, np.float64)[None]).sum(axis=2))
    index = distance.argmin(axis=1)
    return index, distance[np.arange(len(x)), index]

"""Random subsets of the training split: the held-out test and validation parts, the labelled part.

All draws come from Philox streams of (split_seed, purpose), so one seed gives the same subset on
every machine and a change of one purpose leaves the other alone.
"""

import numpy as np

from aae_jax.data.stream import generator
from aae_jax.errors import UserError

_VALIDATION, _LABELLED, _TEST = 0, 1, 2


def hold_out_test(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """As `hold_out`, a tenth of range(n), for data that comes without a test split.

    Raises:
        UserError: fewer than two examples.
    """
    if n < 2:
        raise UserError("the data is a single example: a part of it must be held out for tests")
    return _cut(n, max(1, n // 10), seed, _TEST)


def hold_out(n: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Splits range(n) at random into a kept part and `size` held-out indices, both ascending.

    Raises:
        UserError: nothing would be left to train on.
    """
    if size >= n:
        raise UserError(
            f"data.validation_size={size} leaves nothing of the {n:,} training examples: lower it"
        )
    return _cut(n, size, seed, _VALIDATION)


def _cut(n: int, size: int, seed: int, purpose: int) -> tuple[np.ndarray, np.ndarray]:
    order = generator(seed, purpose).permutation(n)
    return np.sort(order[size:]), np.sort(order[:size])


def labelled_subset(
    label: np.ndarray, num_classes: int, size: int, balanced: bool, seed: int
) -> np.ndarray:
    """Draws the examples whose labels a semi-supervised method may see.

    Args:
        label: int [N] in [0, num_classes).
        num_classes: number of classes.
        size: how many examples to draw.
        balanced: the same number from every class, else uniformly from all examples.
        seed: of the draw.

    Returns:
        int32 [size], ascending indices.

    Raises:
        UserError: more than there are, not divisible by the classes, or a class too small.
    """
    if size > len(label):
        raise UserError(
            f"data.labelled={size} exceeds the {len(label):,} training examples: lower it"
        )
    rng = generator(seed, _LABELLED)
    if not balanced:
        return np.sort(rng.permutation(len(label))[:size]).astype(np.int32)
    if size % num_classes:
        raise UserError(
            f"data.labelled={size} cannot be balanced over {num_classes} classes: use a multiple "
            f"of {num_classes}, or data.labelled_balanced=False"
        )
    each = size // num_classes
    chosen = []
    for k in range(num_classes):
        members = np.flatnonzero(label == k)
        if len(members) < each:
            raise UserError(
                f"data.labelled={size} needs {each} examples of each class, but class {k} has "
                f"{len(members)}: lower it, or set data.labelled_balanced=False"
            )
        chosen.append(rng.permutation(members)[:each])
    return np.sort(np.concatenate(chosen)).astype(np.int32)

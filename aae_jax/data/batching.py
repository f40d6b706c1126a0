"""Which examples make up step N: a pure function of (seed, N), so that resuming is exact."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from aae_jax.data.dataset import Dataset
from aae_jax.data.stream import generator
from aae_jax.errors import UserError

_TRAIN, _LABELLED, _CAPTION = 0, 1, 2


class Batches:
    """Draws the batches of a run.

    Every epoch is a permutation of the training split from (seed, epoch), its last partial batch
    dropped. The labelled subset has a stream of its own: its permutations one after the other,
    without a gap, so that it may be smaller than a batch. Which of its captions an example comes
    with is drawn anew in every step.
    """

    def __init__(self, dataset: Dataset, batch_size: int, seeds: Sequence[int]) -> None:
        """Plans batches.

        Args:
            dataset: the set; only sizes and the labelled subset are used.
            batch_size: examples per step over all devices, for each trial.
            seeds: one seed (0 or more) per trial.

        Raises:
            UserError: the batch is larger than the training split, or a seed is negative.
        """
        if not 1 <= batch_size <= len(dataset.train):
            raise UserError(
                f"batch_size={batch_size} does not fit the {len(dataset.train):,} training "
                f"examples of data.name='{dataset.name}': use 1 to {len(dataset.train)}"
            )
        if not seeds or min(seeds) < 0:
            raise UserError(f"seeds {list(seeds)}: one seed of 0 or more per trial is needed")
        self.batch_size = batch_size
        self.seeds = tuple(seeds)
        self.labelled = dataset.labelled
        self._captions = dataset.train.captions
        self.steps_per_epoch = len(dataset.train) // batch_size
        self._size = len(dataset.train)
        # Every trial needs one epoch at a time, and two where labelled passes meet in a batch.
        self._permutation = lru_cache(maxsize=4 * len(seeds))(_permutation)

    def indices(self, step: int) -> np.ndarray:
        """Indices into train of batch `step` (from 0), int32 [trials, batch_size]."""
        epoch, place = divmod(step, self.steps_per_epoch)
        rows = slice(place * self.batch_size, (place + 1) * self.batch_size)
        orders = [self._permutation(seed, epoch, _TRAIN, self._size) for seed in self.seeds]
        return np.stack([order[rows] for order in orders])

    def labelled_indices(self, step: int) -> np.ndarray:
        """Indices into train of the step's labelled batch, int32 [trials, batch_size]."""
        if self.labelled is None:
            raise ValueError("the data set has no labelled subset")
        size = len(self.labelled)
        start = step * self.batch_size
        epochs = range(start // size, (start + self.batch_size - 1) // size + 1)
        rows = slice(start - epochs[0] * size, start - epochs[0] * size + self.batch_size)
        passes = [
            np.concatenate([self._permutation(seed, e, _LABELLED, size) for e in epochs])[rows]
            for seed in self.seeds
        ]
        return self.labelled[np.stack(passes)]

    def caption_rows(self, step: int) -> np.ndarray | None:
        """Two captions of each example of batch `step`, drawn independently.

        Returns:
            int32 [2, trials, batch_size], rows of the training captions' values; None where there
            are no captions.
        """
        if self._captions is None:
            return None
        draws = [
            generator(seed, step, _CAPTION).random((2, self.batch_size)) for seed in self.seeds
        ]
        index = self.indices(step)
        return self._captions.rows(np.stack([index, index]), np.stack(draws, axis=1))


def _permutation(seed: int, epoch: int, stream: int, size: int) -> np.ndarray:
    return generator(seed, epoch, stream).permutation(size).astype(np.int32)

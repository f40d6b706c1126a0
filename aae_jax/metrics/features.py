"""What a network says of samples and of real images, chunk by chunk."""

from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from absl import logging

from aae_jax.metrics.extractor import images_each
from aae_jax.metrics.needs import Model

CHUNK = 1_000  # images held at a time

Judge = Callable[[np.ndarray], np.ndarray]

# Owner -> features under a key, as long as the owner lives: several metrics ask for the same ones,
# and a large network takes minutes for them.
_KEPT: WeakKeyDictionary[Any, dict[Hashable, np.ndarray | None]] = WeakKeyDictionary()


def judge_samples(
    model: Model, judge: Judge, n: int, seed: int, component: int | None = None
) -> np.ndarray | None:
    """What a network says of n samples of a model, (n, ...); None when one is not finite.

    Those of one component of the prior, where one is named.
    """
    rng = np.random.default_rng(seed)
    judged = []
    for start in range(0, n, CHUNK):
        chunk_seed = int(rng.integers(2**31))
        x = model.sample(min(CHUNK, n - start), chunk_seed, component=component)
        if not np.isfinite(x).all():
            return None
        judged.append(judge(x))
        _tell("samples", start + len(x), n)
    return np.concatenate(judged)


def judge_images(split: Any, judge: Judge, index: np.ndarray | None = None) -> np.ndarray:
    """What a network says of the images of a split, or of those at an index."""
    index = np.arange(len(split)) if index is None else index
    judged = []
    for start in range(0, len(index), CHUNK):
        x = split.x(index[start : start + CHUNK])
        judged.append(judge(x))
        _tell(f"{split.name} images", start + len(x), len(index))
    return np.concatenate(judged)


def features_of_samples(model: Model, dataset: Any, seed: int) -> np.ndarray | None:
    """Features (N, F) of `images_each` samples; None when one is not finite."""
    extractor, n = dataset.extractor, images_each(dataset)
    return _keep(
        model,
        (extractor, n, seed),
        lambda: judge_samples(model, extractor.features, n, seed),
    )


def features_of_images(dataset: Any, part: str, seed: int) -> np.ndarray:
    """Features (N, F) of `images_each` images.

    Args:
        dataset: images, and an extractor.
        part: 'train' or 'test'; a part that has more images has some drawn at random.
        seed: of that draw.
    """
    extractor, n, split = dataset.extractor, images_each(dataset), getattr(dataset, part)

    return _keep(
        extractor,
        (part, n, seed),
        lambda: judge_images(split, extractor.features, split.some(n, seed)),
    )


def _keep(owner: Any, key: Hashable, compute: Callable[[], np.ndarray | None]) -> np.ndarray | None:
    kept = _KEPT.setdefault(owner, {})
    if key not in kept:
        kept[key] = compute()
    return kept[key]


def _tell(what: str, done: int, total: int) -> None:
    logging.log_every_n_seconds(
        logging.INFO, "Judged %s of %s %s", 30, f"{done:,}", f"{total:,}", what
    )

"""How well a sentence embedding tells the words of another caption of the same image."""

from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs


def caption_words(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Predicts a caption of each test image from another one.

    Args:
        model: needs `caption_nll`.
        dataset: images with captions, as word numbers.
        seed: of the draws of captions.

    Returns:
        caption_nll: nats a word of one caption of a test image, given another drawn caption of it
            (the same one where there is no other), at least 0.
        caption_nll_any_image: the same given a caption of another image: what words cost whatever
            the image shows.
    """
    captions = dataset.test.captions
    rng = np.random.default_rng(seed)
    n = len(dataset.test)
    count = np.diff(captions.starts)
    first = rng.integers(count)
    # Any of the others, counted on from the first.
    other = (first + rng.integers(1, np.maximum(count, 2))) % count
    read, written = (captions.values[captions.starts[:-1] + row] for row in (first, other))
    # Each image gets the caption of the next one in a random order.
    order = rng.permutation(n)
    of_another = np.empty_like(read)
    of_another[order] = read[np.roll(order, 1)]
    return {
        "caption_nll": float(model.caption_nll(read, written).mean()),
        "caption_nll_any_image": float(model.caption_nll(of_another, written).mean()),
    }


METRIC = Metric(
    caption_words,
    Needs(("caption_nll",), captions="words"),
    {
        "caption_nll": Value(
            "Nats a word of one caption of a test image, given the embedding of another",
            "lower",
        ),
        "caption_nll_any_image": Value(
            "The same given a caption of any other image", "", yardstick_of="caption_nll"
        ),
    },
)

"""Whether images made for captions show what the captions say, and follow a changed colour."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

_OF_SAMPLES = (
    "caption_agreement",
    "caption_colour_agreement",
    "caption_shape_agreement",
    "caption_swap_followed",
    "caption_swap_shape_changed",
)


def caption_agreement(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Has an independent classifier judge images of test captions, and of their colour changed.

    The claims of Figs. 13 and 14 of "Learning Priors for Adversarial Autoencoders", which gives no
    numbers: images match the captions, and change with the colour word alone.

    Args:
        model: needs `caption_prior` and `decode`.
        dataset: images with embedded captions, labels that say colour and shape, and a scorer.
        seed: of the noise and of the new colours.

    Returns:
        For one image of a drawn caption of each test image:
        caption_agreement: fraction whose judged colour and shape are the caption's.
        caption_colour_agreement, caption_shape_agreement: the same of either.
        caption_agreement_real: the same of the test images themselves, in colour and shape.
        For the same noise and the caption with another colour word, drawn uniformly:
        caption_swap_followed: fraction whose judged colour is the new one.
        caption_swap_shape_changed: fraction whose judged shape differs from that before the swap.
        All but the real one are NaN when an image is not finite.
    """
    # Only here: the package of data loads JAX.
    from aae_jax.data.aspects import numbers_of
    from aae_jax.data.captions import replace_word

    test, aspects = dataset.test, dataset.aspects
    rng = np.random.default_rng(seed)
    draw = test.captions.rows(np.arange(len(test)), rng.random(len(test)))
    texts = [test.captions.texts[row] for row in draw]
    said = numbers_of(aspects, test.label)
    colours = next(aspect for aspect in aspects if aspect.name == "colour").values
    new = (said["colour"] + rng.integers(1, len(colours), len(test))) % len(colours)
    swapped = [
        replace_word(text, colours[old], colours[other])
        for text, old, other in zip(texts, said["colour"], new, strict=True)
    ]
    noise = int(rng.integers(2**31))

    def judge(x: np.ndarray) -> dict[str, np.ndarray]:
        return numbers_of(aspects, dataset.scorer.predict(x).argmax(axis=1))

    def share(*holds: np.ndarray) -> float:
        return float(np.logical_and.reduce(holds).mean())

    real = judge(test.x())
    result = {
        "caption_agreement_real": share(*(real[name] == said[name] for name in said)),
    }
    images = [
        model.sample_captions(dataset.embedder(captions), noise) for captions in (texts, swapped)
    ]
    if not all(np.isfinite(x).all() for x in images):
        return result | dict.fromkeys(_OF_SAMPLES, math.nan)
    before, after = map(judge, images)
    values = (
        share(*(before[name] == said[name] for name in said)),
        share(before["colour"] == said["colour"]),
        share(before["shape"] == said["shape"]),
        share(after["colour"] == new),
        share(after["shape"] != before["shape"]),
    )
    return result | dict(zip(_OF_SAMPLES, values, strict=True))


METRIC = Metric(
    caption_agreement,
    Needs(
        ("caption_prior", "decode"),
        labels=True,
        data="images",
        classifier=True,
        captions="sentences",
        aspects=("colour", "shape"),
    ),
    {
        "caption_agreement": Value(
            "Images made for captions of test images to which an independent classifier gives "
            "the caption's colour and shape",
            "higher",
            fraction=True,
        ),
        "caption_agreement_real": Value(
            "The test images themselves, by that classifier",
            "",
            fraction=True,
            yardstick_of="caption_agreement",
        ),
        "caption_colour_agreement": Value(
            "Such images to which it gives the caption's colour", "higher", fraction=True
        ),
        "caption_shape_agreement": Value(
            "Such images to which it gives the caption's shape", "higher", fraction=True
        ),
        "caption_swap_followed": Value(
            "Images made for the caption with another colour word that have the new colour",
            "higher",
            fraction=True,
        ),
        "caption_swap_shape_changed": Value(
            "Images whose shape changes when the colour word alone does, the noise being the same",
            "lower",
            fraction=True,
        ),
    },
)

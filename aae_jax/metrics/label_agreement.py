"""Whether stochastic reconstructions keep the class of their original, and how much they vary."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs

DRAWS = 5
CHUNK = 512  # test images reconstructed at a time


def label_agreement(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Has an independent classifier judge several reconstructions of each test image.

    The claim of Figs. 2c and 2d of "Implicit Autoencoders": the global code keeps the label, the
    local code varies the style.

    Args:
        model: needs `encode` and `decode`; what its posterior leaves open is drawn `DRAWS` times.
        dataset: images with labels, and a scorer.
        seed: of the draws.

    Returns:
        label_agreement: fraction of reconstructions to which the classifier gives the label that
            it gives to the original, in [0, 1].
        label_agreement_true: the same with the true label of the original.
        label_agreement_classifier_error: fraction of original test images that the classifier
            gets wrong.
        reconstruction_diversity: standard deviation (n - 1 in the denominator) of a pixel across
            the draws of one image, as a fraction of the value range; mean over images, pixels and
            channels. 0 where reconstructions are deterministic.
        The two agreements and the diversity are NaN when a reconstruction is not finite.
    """
    test = dataset.test
    rng = np.random.default_rng(seed)
    same = true = wrong = spread = 0.0
    for start in range(0, len(test), CHUNK):
        index = slice(start, start + CHUNK)
        x, label = test.x(index), test.label[index]
        judged = dataset.scorer.predict(x).argmax(axis=1)
        wrong += (judged != label).sum()
        mean = square = np.zeros(x.shape)  # running ones: a single draw is held at a time
        for draw in range(1, DRAWS + 1):
            x_hat = model.reconstruct(x, seed=int(rng.integers(2**31)), label=label)
            if not np.isfinite(x_hat).all():
                same = true = spread = math.nan  # and so they stay
                continue
            judged_hat = dataset.scorer.predict(x_hat).argmax(axis=1)
            same += (judged_hat == judged).sum()
            true += (judged_hat == label).sum()
            unit = test.to_unit(x_hat)
            change = unit - mean
            mean = mean + change / draw
            square = square + change * (unit - mean)
        spread += np.sqrt(square / (DRAWS - 1)).mean(axis=(1, 2, 3)).sum()
    n = len(test)
    return {
        "label_agreement": float(same / (n * DRAWS)),
        "label_agreement_true": float(true / (n * DRAWS)),
        "label_agreement_classifier_error": float(wrong / n),
        "reconstruction_diversity": float(spread / n),
    }


METRIC = Metric(
    label_agreement,
    Needs(("encode", "decode"), labels=True, data="images", classifier=True),
    {
        "label_agreement": Value(
            "Stochastic reconstructions of test images to which an independent classifier "
            "gives the label that it gives to the original",
            "higher",
            fraction=True,
        ),
        "label_agreement_true": Value(
            "Such reconstructions to which it gives the original's true label",
            "higher",
            fraction=True,
        ),
        "label_agreement_classifier_error": Value(
            "Original test images that the classifier gets wrong",
            "",
            fraction=True,
            yardstick_of="label_agreement_true",
        ),
        "reconstruction_diversity": Value(
            "Standard deviation of a pixel across reconstructions of one test image, as a "
            "fraction of the value range: 0 where the decoder is deterministic",
            "",
            judged=False,
        ),
    },
)

"""Captions of test images, and what the model makes of them."""

import textwrap
from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot, finite
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS, COLUMNS = 10, 8


def label(text: str) -> str:
    """A caption as the label of a row: up to three short lines."""
    lines = textwrap.wrap(text, 36)
    return "\n".join(lines if len(lines) <= 3 else [*lines[:2], lines[2] + " ..."])


def captions_with_samples(model: Model, dataset: Any, seed: int) -> Figure:
    """Rows of a test caption: the image that it was written of, and unselected samples.

    Fig. 13 of "Learning Priors for Adversarial Autoencoders".
    """
    test = dataset.test
    index = np.random.default_rng(seed).permutation(test.some(ROWS, seed))
    texts = [test.captions.of(i)[0] for i in index]
    repeated = [text for text in texts for _ in range(COLUMNS)]
    x = finite(model.sample_captions(dataset.embedder(repeated), seed), "the samples")
    rows = np.concatenate(
        [test.x(index)[:, None], x.reshape(len(texts), COLUMNS, *x.shape[1:])], axis=1
    )
    return Figure(
        grid(
            to_rgb(rows, test),
            row_labels=[label(text) for text in texts],
            column_labels=["test", *[""] * COLUMNS],
            wide_columns=(1,),
        ),
        "Captions of test images that were not trained on: first the image that the caption was "
        "written of, then images that the model makes of the caption alone, not selected. They "
        "should show what the caption says, and differ in all else.",
    )


PLOT = Plot(
    captions_with_samples,
    Needs(("caption_prior", "decode"), data="images", captions="sentences"),
)

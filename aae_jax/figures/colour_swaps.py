"""What becomes of an image when one word of its caption changes: the colour."""

from typing import Any

import numpy as np

from aae_jax.errors import UserError
from aae_jax.figures.captions_with_samples import label
from aae_jax.figures.figure import Figure, Plot, finite
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS = 8
# Those of Fig. 14 of "Learning Priors for Adversarial Autoencoders", in its order.
COLOURS = ("pink", "red", "yellow", "orange", "purple", "blue", "white", "green", "black")


def colour_swaps(model: Model, dataset: Any, seed: int) -> Figure:
    """Rows of a test caption with one colour after the other, the noise of a row being the same.

    Fig. 14 of "Learning Priors for Adversarial Autoencoders". Where the labels say the colour, the
    columns are the colours of the data.

    Raises:
        UserError: no test caption names exactly one colour.
    """
    # Only here: the package of data loads JAX.
    from aae_jax.data.captions import replace_word, words

    test = dataset.test
    named = [aspect.values for aspect in dataset.aspects if aspect.name == "colour"]
    colours = named[0] if named else COLOURS
    chosen: list[tuple[str, str]] = []  # captions, and the colour that each names
    for image in np.random.default_rng(seed).permutation(len(test)):
        text = test.captions.of(image)[0]
        found = set(words(text)) & set(colours)
        if len(found) == 1:
            chosen.append((text, found.pop()))
        if len(chosen) == ROWS:
            break
    if not chosen:
        raise UserError(
            f"no test caption names exactly one of the colours {', '.join(colours)}: leave "
            "colour_swaps out of evaluation.figures"
        )
    columns = []
    for colour in colours:
        texts = [replace_word(text, old, colour) for text, old in chosen]
        columns.append(model.sample_captions(dataset.embedder(texts), seed))
    x = finite(np.stack(columns, axis=1), "the samples")
    return Figure(
        grid(
            to_rgb(x, test),
            row_labels=[label(text) for text, _ in chosen],
            column_labels=list(colours),
        ),
        "Colour words: each row is one test caption and one draw of the noise; the colour in the "
        "caption is replaced by the one above the column. The image's should follow, and nothing "
        "else change.",
    )


PLOT = Plot(colour_swaps, Needs(("caption_prior", "decode"), data="images", captions="sentences"))

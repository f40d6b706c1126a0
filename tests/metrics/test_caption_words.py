from dataclasses import replace

import numpy as np

from aae_jax.metrics.caption_words import caption_words
from tests.fakes import captioned


class Same:
    """0 nats where two captions are of one image, 1 where not; remembers what it was asked."""

    def __init__(self, data):
        rows = np.repeat(np.arange(len(data.test)), np.diff(data.test.captions.starts))
        values = data.test.captions.values
        self.image = {tuple(row): image for row, image in zip(values, rows, strict=True)}
        self.asked = []

    def caption_nll(self, tokens, other):
        self.asked.append((tokens, other))
        pairs = zip(tokens, other, strict=True)
        return np.array([self.image[tuple(a)] != self.image[tuple(b)] for a, b in pairs], float)


def few():
    """The six pictures, every one with other captions."""
    return captioned(6, embedded=False)


def test_captions_of_one_image_and_of_another():
    data = few()
    model = Same(data)
    values = caption_words(model, data, seed=3)
    assert values == {"caption_nll": 0.0, "caption_nll_any_image": 1.0}
    (read, written), (strange, same) = model.asked
    np.testing.assert_array_equal(written, same)
    # Never the caption itself, where there is another one.
    assert (read != written).any(axis=1).all()
    assert (strange != written).any(axis=1).all()


def test_a_single_caption_is_predicted_from_itself():
    data = few()
    captions = data.test.captions
    alone = replace(
        captions,
        texts=captions.texts[::2],
        starts=np.arange(7, dtype=np.int32),
        values=captions.values[::2],
    )
    data = replace(data, test=replace(data.test, captions=alone))
    model = Same(data)
    assert caption_words(model, data, seed=0)["caption_nll"] == 0.0
    read, written = model.asked[0]
    np.testing.assert_array_equal(read, written)

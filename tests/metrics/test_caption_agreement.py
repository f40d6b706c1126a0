import math
from dataclasses import replace

import numpy as np
import pytest

from aae_jax.metrics.caption_agreement import caption_agreement
from tests.fakes import captioned


class Reader:
    """Judges an 'image' that holds the probabilities of the six classes in its first pixels."""

    def predict(self, x):
        return x.reshape(len(x), -1)[:, :6]


class Painter:
    """Paints class probabilities; `paint` says which class of the one that the sentence names."""

    def __init__(self, paint):
        self.paint, self.seeds = paint, []

    def sample_captions(self, sentence, seed):
        self.seeds.append(seed)
        x = np.zeros((len(sentence), 8 * 8 * 3), np.float32)
        x[np.arange(len(x)), self.paint(sentence.argmax(axis=1))] = 1
        return x.reshape(-1, 8, 8, 3)


def judged(paint, n=60):
    data = captioned(n)
    real = Painter(lambda y: y).sample_captions(np.eye(6)[data.test.label], 0)
    image = (255 * real).astype(np.uint8)
    data = replace(data, test=replace(data.test, data=image), scorer=Reader())
    model = Painter(paint)
    return caption_agreement(model, data, seed=0), model


def test_a_model_that_paints_what_the_caption_says():
    values, model = judged(lambda y: y)
    assert values == {
        "caption_agreement": 1.0,
        "caption_colour_agreement": 1.0,
        "caption_shape_agreement": 1.0,
        "caption_agreement_real": 1.0,
        "caption_swap_followed": 1.0,
        "caption_swap_shape_changed": 0.0,
    }
    # A caption and its swap have the same noise.
    assert len(model.seeds) == 2
    assert len(set(model.seeds)) == 1


def test_a_model_that_paints_one_picture():
    """Class 3: green (of red, green, blue), a bar (of dot, bar)."""
    values, _ = judged(lambda y: np.full_like(y, 3))
    assert values["caption_agreement"] == pytest.approx(1 / 6)
    assert values["caption_colour_agreement"] == pytest.approx(1 / 3)
    assert values["caption_shape_agreement"] == pytest.approx(1 / 2)
    assert values["caption_agreement_real"] == 1.0
    assert 0.2 < values["caption_swap_followed"] < 0.5
    assert values["caption_swap_shape_changed"] == 0.0


def test_a_shape_that_hangs_on_the_colour():
    """Red and blue make dots, green makes bars: the shape follows the colour word."""
    values, _ = judged(lambda y: y // 2 * 2 + (y // 2 == 1))
    assert values["caption_colour_agreement"] == values["caption_swap_followed"] == 1.0
    assert values["caption_shape_agreement"] == pytest.approx(1 / 2)
    # Of the six changes of a colour, four are from or to green.
    assert values["caption_swap_shape_changed"] == pytest.approx(2 / 3, abs=0.17)


def test_a_diverged_model_is_no_number():
    class Diverged(Painter):
        def sample_captions(self, sentence, seed):
            return super().sample_captions(sentence, seed) * np.nan

    data = replace(captioned(12), scorer=Reader())
    values = caption_agreement(Diverged(lambda y: y), data, 0)
    real = values.pop("caption_agreement_real")
    assert math.isfinite(real)
    assert all(math.isnan(value) for value in values.values())

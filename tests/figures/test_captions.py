"""Figures of captions: which image and which caption is where."""

import importlib
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from aae_jax.data.captions import Captions
from aae_jax.errors import UserError
from aae_jax.figures import progress_images
from tests.fakes import FakeModel, captioned


def drawn(name, data):
    module = importlib.import_module(f"aae_jax.figures.{name}")
    asked = []
    model = FakeModel(data, components=6)
    model.sample_captions = lambda sentence, seed: (
        asked.append((sentence, seed)) or FakeModel.sample_captions(model, sentence, seed)
    )
    with mock.patch.object(module, "grid") as grid:
        getattr(module, name)(model, data, 4)
    return grid.call_args.args[0], grid.call_args.kwargs, asked


def test_samples_stand_beside_their_caption_and_its_image():
    data = captioned()
    rows, labels, [(sentence, _)] = drawn("captions_with_samples", data)
    assert rows.shape == (10, 9, 8, 8, 3)
    for row, text, said in zip(rows, labels["row_labels"], sentence[::8], strict=True):
        image = np.isclose(data.test.x(), row[:1]).all(axis=(1, 2, 3)).argmax()
        assert data.test.captions.of(image)[0] == text
        np.testing.assert_array_equal(said, data.embedder([text])[0])


def test_a_row_of_colours_has_one_noise():
    data = captioned()
    rows, labels, asked = drawn("colour_swaps", data)
    assert labels["column_labels"] == ["red", "green", "blue"]
    assert rows.shape == (8, 3, 8, 8, 3)
    assert len({seed for _, seed in asked}) == 1
    for colour, (sentence, _) in zip(labels["column_labels"], asked, strict=True):
        for text, said in zip(labels["row_labels"], sentence, strict=True):
            a, _, shape = text.split()
            np.testing.assert_array_equal(said, data.embedder([f"{a} {colour} {shape}"])[0])


def test_colours_of_the_paper_where_the_labels_say_none():
    data = replace(captioned(), aspects=())
    module = importlib.import_module("aae_jax.figures.colour_swaps")
    everything = data.embedder
    data = replace(data, embedder=lambda texts: everything(["a red dot"] * len(texts)))
    _, labels, _ = drawn("colour_swaps", data)
    assert tuple(labels["column_labels"]) == module.COLOURS


def test_captions_without_a_colour_or_with_two_cannot_be_drawn():
    data = captioned()
    texts = ("a dot", "a red and blue bar") * 30
    captions = Captions(texts, np.arange(61, dtype=np.int32), np.zeros((60, 6), np.float32))
    data = replace(data, test=replace(data.test, captions=captions))
    with pytest.raises(UserError, match="no test caption names exactly one of the colours red, gr"):
        drawn("colour_swaps", data)


def test_long_captions_are_wrapped():
    from aae_jax.figures.captions_with_samples import label

    assert label("a red dot") == "a red dot"
    lines = label("word " * 40).split("\n")
    assert len(lines) == 3
    assert all(len(line) <= 40 for line in lines)
    assert lines[-1].endswith(" ...")


def test_a_run_shows_images_of_test_captions():
    data = captioned()
    pictures = progress_images(FakeModel(data, components=6), data, seed=0, count=16)
    assert set(pictures) == {"samples", "samples_of_captions", "reconstructions"}
    picture = pictures["samples_of_captions"]
    assert picture.shape[-1] == 3
    assert 0 <= picture.min() < picture.max() <= 1
    # They are of the first caption of each of the test images that are shown below.
    model, asked = FakeModel(data, components=6), []
    model.sample_captions = lambda sentence, seed: (
        asked.append(sentence) or data.test.x(slice(0, len(sentence)))
    )
    progress_images(model, data, seed=0, count=16)
    index = data.test.some(16, 0)
    np.testing.assert_array_equal(asked[0].argmax(axis=1), data.test.label[index])

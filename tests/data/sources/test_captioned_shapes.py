import numpy as np

from aae_jax.data import load
from aae_jax.data.aspects import numbers_of
from aae_jax.data.captions import words
from aae_jax.data.sources.captioned_shapes import ASPECTS, CAPTIONS, COLOURS, SHAPES
from tests.data.helpers import refusal, settings


def shapes(**fields):
    return load(settings("captioned_shapes", size=240, **fields))


def test_the_set():
    data = shapes()
    assert (len(data.train), len(data.test), data.num_classes) == (240, 24, 24)
    assert data.example_shape == (32, 32, 3)
    assert data.aspects == ASPECTS
    assert np.bincount(data.train.label, minlength=24).min() > 0
    assert len(data.vocabulary) == len(set(data.vocabulary.words)) + 2
    assert "captions of the training images" in data.note


def test_captions_say_what_the_label_says():
    data = shapes()
    numbers = numbers_of(data.aspects, data.train.label)
    for i, (colour, shape) in enumerate(zip(numbers["colour"], numbers["shape"], strict=True)):
        captions = data.train.captions.of(i)
        assert len(captions) == CAPTIONS
        for caption in map(words, captions):
            assert set(caption) & set(COLOURS) == {tuple(COLOURS)[colour]}
            assert set(caption) & set(tuple(SHAPES.values())[shape])
        # Every caption of a picture is worded in another way.
        assert len(set(captions)) == CAPTIONS


def test_pictures_show_what_captions_say():
    """The brightest departure from the ground has the colour, at the place, of the size."""
    data = shapes()
    x = data.train.data.astype(float)
    ground = np.median(x, axis=(1, 2), keepdims=True)
    shown = np.abs(x - ground).max(axis=3) > 40
    colour = numbers_of(data.aspects, data.train.label)["colour"]
    area = shown.sum(axis=(1, 2))
    small = [bool({"small", "tiny", "little"} & set(words(c[0]))) for c in captions(data)]
    assert np.median(area[small]) < 0.7 * np.median(area[~np.array(small)])
    rows, columns = np.arange(32)[None, :, None], np.arange(32)[None, None, :]
    down, right = (shown * rows).sum((1, 2)) / area, (shown * columns).sum((1, 2)) / area
    for i, of_image in enumerate(captions(data)):
        ink = np.median(x[i][shown[i]], axis=0)
        distance = np.abs(np.array(list(COLOURS.values())) - ink[None]).sum(axis=1)
        assert distance.argmin() == colour[i]
        said = set(words(of_image[0]))
        vertical = -7 * bool(said & {"top", "upper"}) + 7 * bool(said & {"bottom", "lower"})
        horizontal = -7 * ("left" in said) + 7 * ("right" in said)
        assert abs(down[i] - 15.5 - vertical) < 3.5
        assert abs(right[i] - 15.5 - horizontal) < 3.5


def captions(data):
    return [data.train.captions.of(i) for i in range(len(data.train))]


def test_the_same_set_in_every_run():
    first, second = shapes(), shapes()
    np.testing.assert_array_equal(first.train.data, second.train.data)
    assert first.train.captions.texts == second.train.captions.texts
    assert not np.array_equal(first.train.data[:24], first.test.data)
    assert "reads no files" in refusal("captioned_shapes", dir="here")


def test_held_out_images_take_their_captions_along():
    data = shapes(validation_size=40)
    assert len(data.validation) == 40
    whole = shapes()
    where = {image.tobytes(): i for i, image in enumerate(whole.train.data)}
    for part in (data.train, data.validation):
        for i, image in enumerate(part.data):
            assert part.captions.of(i) == whole.train.captions.of(where[image.tobytes()])


def test_slices_take_their_captions_along():
    data = shapes(train_split="train[:100]+train[200:]", test_split="train[100:200]")
    whole = shapes()
    assert data.train.captions.of(120) == whole.train.captions.of(220)
    assert data.test.captions.of(7) == whole.train.captions.of(107)

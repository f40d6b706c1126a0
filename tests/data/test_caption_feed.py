"""Captions in batches: a draw of each example's own, the same on both roads and for any devices."""

import dataclasses

import numpy as np
import pytest

from aae_jax.data import Batches, make_feed
from aae_jax.data.captions import gather, make_vocabulary
from tests.data.helpers import numbered
from tests.data.test_feed import ROADS, assert_same, batches

NAMES = ("caption", "caption_other")
STEPS = 100


def told(n=60):
    """Image i has i % 3 + 1 captions: 'image{i} caption{j}'."""
    data = numbered(n)
    texts = [[f"image{i} caption{j}" for j in range(i % 3 + 1)] for i in range(n)]
    vocabulary = make_vocabulary((text for of_image in texts for text in of_image), 1000, 0)
    train = dataclasses.replace(data.train, captions=gather(texts, vocabulary))
    return dataclasses.replace(data, train=train, vocabulary=vocabulary)


def read(data, rows):
    """The words of rows of word numbers."""
    return [" ".join(data.vocabulary.words[number - 2] for number in row) for row in rows]


@pytest.mark.parametrize("road", ROADS)
def test_an_example_comes_with_two_draws_of_its_own_captions(road):
    data = told()
    plan = Batches(data, 8, [5])
    seen = set()
    differ = 0
    for step, batch in enumerate(
        batches(make_feed(data, batch_size=8, seeds=[5], location=road), STEPS)
    ):
        index = plan.indices(step)[0]
        texts = {name: read(data, batch[name][0, 0]) for name in NAMES}
        for name in NAMES:
            assert batch[name].dtype == np.int32
            for i, text in zip(index, texts[name], strict=True):
                assert text in data.train.captions.of(i)
                seen.add(text)
        differ += sum(a != b for a, b in zip(*texts.values(), strict=True))
    # Every caption has its turn, and the two draws are independent: of one, two and three captions
    # they differ in 0, 1/2 and 2/3 of the cases.
    assert seen == set(data.train.captions.texts)
    assert differ / (STEPS * 8) == pytest.approx(7 / 18, abs=0.1)


def test_both_roads_and_a_resumed_feed_give_the_same_captions():
    data = told()
    seen = [
        batches(make_feed(data, batch_size=12, seeds=[0, 1], location=road), 9, trials=2)
        for road in ROADS
    ]
    assert_same(*seen)
    resumed = make_feed(data, batch_size=12, seeds=[0, 1], start_step=4)
    assert_same(seen[0][4:], batches(resumed, 5, trials=2))
    # Trial i draws as the run of its own seed.
    alone = batches(make_feed(data, batch_size=12, seeds=[1]), 1)[0]
    for name in NAMES:
        np.testing.assert_array_equal(alone[name][0, 0], seen[0][0][name][0, 1])


def test_devices_share_the_captions_of_a_batch_in_order():
    data = told()
    [whole] = batches(make_feed(data, batch_size=12, seeds=[3]), 1)
    feed = make_feed(data, batch_size=12, seeds=[3], local_devices=4, num_devices=4)
    [parts] = batches(feed, 1, devices=4)
    for name in ("x", *NAMES):
        joined = parts[name][:, 0].reshape(whole[name][0, 0].shape)
        np.testing.assert_array_equal(joined, whole[name][0, 0])


@pytest.mark.parametrize("road", ROADS)
def test_embeddings_take_the_place_of_words(road):
    data = told()
    vectors = np.random.default_rng(0).normal(size=(len(data.train.captions.texts), 5))
    captions = data.train.captions.with_values(vectors.astype(np.float32))
    embedded = dataclasses.replace(data, train=dataclasses.replace(data.train, captions=captions))
    [batch] = batches(make_feed(embedded, batch_size=8, seeds=[0], location=road), 1)
    rows = Batches(data, 8, [0]).caption_rows(0)
    assert rows.shape == (2, 1, 8)
    for name, row in zip(NAMES, rows, strict=True):
        assert batch[name].dtype == np.float32
        np.testing.assert_array_equal(batch[name][0, 0], vectors[row[0]].astype(np.float32))


def test_data_without_captions_has_none_in_its_batches():
    [batch] = batches(make_feed(numbered(60), batch_size=8, seeds=[0]), 1)
    assert batch.keys() == {"x", "label"}
    assert Batches(numbered(60), 8, [0]).caption_rows(0) is None

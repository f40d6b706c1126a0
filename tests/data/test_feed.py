import dataclasses
import threading

import jax
import numpy as np
import pytest

from aae_jax.data import Batches, load, make_feed
from aae_jax.errors import UserError
from tests.data.helpers import numbered, settings

LABELLED = np.array([1, 4, 9, 16, 25, 36, 49], np.int32)
ROADS = ("device", "host")


def batches(feed, steps, devices=1, trials=1):
    """What the steps see: leaves [devices, trials, rows, ...], fetched inside jit."""
    fetch = jax.jit(feed.fetch)
    arrays = jax.device_put(feed.arrays)
    seen = []
    for _ in range(steps):
        item = next(feed)
        rows = []
        for d in range(devices):
            for t in range(trials):
                part = {key: leaf[d, t] if trials > 1 else leaf[d] for key, leaf in item.items()}
                rows.append(jax.device_get(fetch(arrays, part)))
        seen.append(
            {
                key: np.stack([row[key] for row in rows]).reshape(
                    devices, trials, *rows[0][key].shape
                )
                for key in rows[0]
            }
        )
    feed.close()
    return seen


def assert_same(ours, theirs):
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        assert a.keys() == b.keys()
        for key in a:
            np.testing.assert_array_equal(a[key], b[key])


@pytest.mark.parametrize("road", ROADS)
def test_batches_hold_the_examples_that_the_plan_names(road):
    data = numbered(60, labelled=LABELLED, value_range=(-1.0, 1.0))
    plan = Batches(data, 8, [5])
    feed = make_feed(data, batch_size=8, seeds=[5], location=road)
    assert feed.location == road
    for step, batch in enumerate(batches(feed, 10)):
        batch = {key: value[0, 0] for key, value in batch.items()}
        for end, index in (
            ("", plan.indices(step)[0]),
            ("_labelled", plan.labelled_indices(step)[0]),
        ):
            assert batch["x" + end].dtype == np.float32
            assert batch["x" + end].shape == (8, 2, 2, 1)
            # Example i is an image of value i, so its pixels are -1 + 2 * i / 255.
            np.testing.assert_allclose(
                batch["x" + end][:, 0, 0, 0], -1 + 2 * index / 255, rtol=1e-5, atol=1e-6
            )
            assert batch["label" + end].dtype == np.int32
            np.testing.assert_array_equal(batch["label" + end], index % 10)


@pytest.mark.parametrize("road", ROADS)
def test_standardised_images(road):
    data = load(settings("digits", standardise=True))
    [batch] = batches(make_feed(data, batch_size=8, seeds=[5], location=road), 1)
    index = Batches(data, 8, [5]).indices(0)[0]
    np.testing.assert_allclose(batch["x"][0, 0], data.train.x(index), rtol=1e-4, atol=1e-5)


def test_both_roads_give_the_same_batches():
    data = numbered(60, labelled=LABELLED)
    seen = [
        batches(make_feed(data, batch_size=12, seeds=[0, 1], location=road), 9, trials=2)
        for road in ROADS
    ]
    assert_same(*seen)


@pytest.mark.parametrize("road", ROADS)
def test_resumed_feed_goes_on_where_the_first_stopped(road):
    data = numbered(60, labelled=LABELLED)
    whole = batches(make_feed(data, batch_size=8, seeds=[2], location=road), 20)
    resumed = make_feed(data, batch_size=8, seeds=[2], location=road, start_step=11)
    assert_same(whole[11:], batches(resumed, 9))


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("trials", [1, 3])
def test_devices_share_a_batch_in_order(road, trials):
    data = numbered(60)
    seeds = list(range(trials))
    [whole] = batches(make_feed(data, batch_size=12, seeds=seeds, location=road), 1, 1, trials)
    for first, local in ((0, 4), (0, 2), (2, 2), (3, 1)):
        feed = make_feed(
            data,
            batch_size=12,
            seeds=seeds,
            location=road,
            local_devices=local,
            num_devices=4,
            first_device=first,
        )
        [part] = batches(feed, 1, local, trials)
        for d in range(local):
            rows = slice((first + d) * 3, (first + d + 1) * 3)
            np.testing.assert_array_equal(part["x"][d], whole["x"][0][:, rows])


@pytest.mark.parametrize("road", ROADS)
def test_item_shapes(road):
    leaf = {"device": "index", "host": "x"}[road]
    tail = {"device": (), "host": (2, 2, 1)}[road]
    one = make_feed(
        numbered(60), batch_size=8, seeds=[0], location=road, local_devices=2, num_devices=2
    )
    two = make_feed(numbered(60), batch_size=8, seeds=[0, 1], location=road)
    assert next(one)[leaf].shape == (2, 4, *tail)
    assert next(two)[leaf].shape == (1, 2, 8, *tail)
    assert isinstance(next(one)[leaf], np.ndarray)
    one.close()
    two.close()


@pytest.mark.parametrize("road", ROADS)
def test_points_and_unlabelled_sets(road):
    data = load(settings("gaussian_grid", size=100))
    data = dataclasses.replace(data, train=dataclasses.replace(data.train, label=None))
    [batch] = batches(make_feed(data, batch_size=10, seeds=[0], location=road), 1)
    assert batch.keys() == {"x"}
    index = Batches(data, 10, [0]).indices(0)[0]
    np.testing.assert_array_equal(batch["x"][0, 0], data.train.data[index])


def test_auto_takes_the_device_road_for_small_sets(monkeypatch):
    data = numbered(60)
    feed = make_feed(data, batch_size=8, seeds=[0])
    assert (feed.location, set(feed.arrays)) == ("device", {"x", "label"})
    monkeypatch.setattr("aae_jax.data.feed._DEVICE_LIMIT", data.train.data.nbytes)
    feed = make_feed(data, batch_size=8, seeds=[0])
    assert (feed.location, feed.arrays) == ("host", {})
    feed.close()


def test_closing_ends_the_thread_and_the_feed():
    before = threading.active_count()
    feed = make_feed(numbered(60), batch_size=8, seeds=[0], location="host")
    next(feed)
    assert threading.active_count() == before + 1
    feed.close()
    assert threading.active_count() == before
    feed.close()
    assert list(feed) == []
    feed = make_feed(numbered(60), batch_size=8, seeds=[0], location="device")
    feed.close()
    assert list(feed) == []


def test_trouble_in_the_thread_reaches_the_reader():
    data = numbered(60)
    short = dataclasses.replace(data.train, label=data.train.label[:1])
    feed = make_feed(
        dataclasses.replace(data, train=short), batch_size=8, seeds=[0], location="host"
    )
    with pytest.raises(IndexError):
        next(feed)
    assert list(feed) == []


def test_bad_requests_are_refused():
    with pytest.raises(UserError, match="batch_size=10 cannot be divided over 4 devices"):
        make_feed(numbered(60), batch_size=10, seeds=[0], num_devices=4)
    with pytest.raises(UserError, match=r"data\.location is 'gpu'"):
        make_feed(numbered(60), batch_size=10, seeds=[0], location="gpu")

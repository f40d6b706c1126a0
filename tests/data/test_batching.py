import numpy as np
import pytest

from aae_jax.data import Batches
from aae_jax.errors import UserError
from tests.data.helpers import numbered


def test_an_epoch_is_a_permutation_without_its_partial_batch():
    batches = Batches(numbered(23), batch_size=5, seeds=[0])
    assert batches.steps_per_epoch == 4
    epochs = [np.concatenate([batches.indices(4 * e + s)[0] for s in range(4)]) for e in range(3)]
    for epoch in epochs:
        assert len(np.unique(epoch)) == 20
        assert epoch.min() >= 0
        assert epoch.max() <= 22
    assert not np.array_equal(epochs[0], epochs[1])
    assert batches.indices(0).dtype == np.int32


def test_batches_are_a_pure_function_of_seed_and_step():
    data = numbered(50)
    batches = Batches(data, 8, seeds=[3, 4])
    wanted = [batches.indices(step) for step in range(20)]
    fresh = Batches(data, 8, seeds=[3, 4])
    for step in reversed(range(20)):
        np.testing.assert_array_equal(fresh.indices(step), wanted[step])


def test_trials_draw_as_they_would_alone():
    data = numbered(50, labelled=np.arange(0, 50, 7, dtype=np.int32))
    together = Batches(data, 8, seeds=[3, 4, 5])
    assert together.indices(9).shape == (3, 8)
    for trial, seed in enumerate([3, 4, 5]):
        alone = Batches(data, 8, seeds=[seed])
        np.testing.assert_array_equal(together.indices(9)[trial], alone.indices(9)[0])
        np.testing.assert_array_equal(
            together.labelled_indices(9)[trial], alone.labelled_indices(9)[0]
        )
    assert not np.array_equal(together.indices(9)[0], together.indices(9)[1])


def test_labelled_stream_goes_through_a_small_subset_again_and_again():
    labelled = np.array([2, 3, 5, 7, 11, 13, 17], np.int32)
    batches = Batches(numbered(40, labelled=labelled), batch_size=20, seeds=[1])
    stream = np.concatenate([batches.labelled_indices(step)[0] for step in range(7)])
    passes = stream.reshape(20, 7)  # 7 batches of 20 are 20 passes over 7
    for one in passes:
        np.testing.assert_array_equal(np.sort(one), labelled)
    assert len(np.unique(passes, axis=0)) > 10


def test_labelled_stream_is_pure_too():
    labelled = np.arange(0, 40, 3, dtype=np.int32)
    data = numbered(40, labelled=labelled)
    one, other = Batches(data, 5, [1]), Batches(data, 5, [1])
    wanted = [one.labelled_indices(step) for step in range(9)]
    for step in (8, 0, 4):
        np.testing.assert_array_equal(other.labelled_indices(step), wanted[step])


def test_impossible_plans_are_refused():
    with pytest.raises(UserError, match="batch_size=24 does not fit the 23"):
        Batches(numbered(23), 24, [0])
    with pytest.raises(UserError, match="batch_size=0 does not fit"):
        Batches(numbered(23), 0, [0])
    with pytest.raises(UserError, match="one seed of 0 or more"):
        Batches(numbered(23), 5, [-1])
    with pytest.raises(ValueError, match="no labelled subset"):
        Batches(numbered(23), 5, [0]).labelled_indices(0)


def test_the_labelled_stream_has_an_order_of_its_own():
    batches = Batches(numbered(40, labelled=np.arange(40, dtype=np.int32)), 20, seeds=[1])
    for step in range(6):
        assert not np.array_equal(batches.indices(step), batches.labelled_indices(step))

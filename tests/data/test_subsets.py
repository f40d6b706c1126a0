import numpy as np
import pytest

from aae_jax.data.subsets import hold_out, labelled_subset
from aae_jax.errors import UserError

LABEL = np.arange(1000) % 10


def test_hold_out_parts_are_disjoint_complete_and_seeded():
    kept, held = hold_out(1000, 150, seed=3)
    assert (len(kept), len(held)) == (850, 150)
    np.testing.assert_array_equal(np.sort(np.concatenate([kept, held])), np.arange(1000))
    np.testing.assert_array_equal(held, hold_out(1000, 150, seed=3)[1])
    assert not np.array_equal(held, hold_out(1000, 150, seed=4)[1])
    # At random, not the head or the tail: the mean index of 150 of 1000 lies near 500.
    assert 400 < held.mean() < 600


def test_hold_out_leaves_something():
    with pytest.raises(UserError, match="validation_size=1000 leaves nothing"):
        hold_out(1000, 1000, seed=0)


def test_balanced_subset_has_every_class_equally_often():
    chosen = labelled_subset(LABEL, 10, 40, balanced=True, seed=0)
    np.testing.assert_array_equal(np.bincount(LABEL[chosen]), np.full(10, 4))
    assert len(np.unique(chosen)) == 40
    assert chosen.dtype == np.int32
    np.testing.assert_array_equal(chosen, labelled_subset(LABEL, 10, 40, balanced=True, seed=0))
    assert not np.array_equal(chosen, labelled_subset(LABEL, 10, 40, balanced=True, seed=1))


def test_random_subset_need_not_be_balanced():
    chosen = labelled_subset(LABEL, 10, 45, balanced=False, seed=0)
    assert len(np.unique(chosen)) == 45
    counts = np.bincount(LABEL[chosen], minlength=10)
    assert counts.min() < counts.max()


@pytest.mark.parametrize(
    ("size", "label", "says"),
    [
        (45, LABEL, "use a multiple of 10"),
        (2000, LABEL, "exceeds the 1,000"),
        (100, LABEL[LABEL != 7], "class 7 has 0"),
    ],
)
def test_impossible_subsets_are_refused(size, label, says):
    with pytest.raises(UserError, match=says):
        labelled_subset(label, 10, size, balanced=True, seed=0)

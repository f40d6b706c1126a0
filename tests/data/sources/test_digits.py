import numpy as np
from sklearn.datasets import load_digits

from aae_jax.data import load
from tests.data.helpers import settings


def test_splits_are_stratified_disjoint_and_complete():
    data = load(settings("digits"))
    assert (len(data.train), len(data.test), data.num_classes) == (1437, 360, 10)
    assert data.train.data.shape[1:] == (8, 8, 1)
    everyone = np.concatenate([data.train.data, data.test.data])
    original = load_digits()
    expected = np.floor(original.images * 255 / 16 + 0.5).astype(np.uint8)[..., None]
    # The one tie, 8 of 16 = 127.5, may round either way.
    assert np.abs(np.sort(everyone, 0).astype(int) - np.sort(expected, 0)).max() <= 1
    share = np.bincount(original.target) * 360 / 1797
    assert np.abs(np.bincount(data.test.label) - share).max() < 1


def test_values_span_the_range_and_stay_the_same():
    data = load(settings("digits", value_range=(-1.0, 1.0)))
    x = data.train.x()
    assert (x.min(), x.max()) == (-1.0, 1.0)
    np.testing.assert_array_equal(load(settings("digits")).train.data, data.train.data)
    # Guards the cut itself: figures are only comparable while it never changes.
    assert data.test.label[:10].tolist() == [2, 9, 0, 3, 5, 7, 9, 3, 4, 9]
    assert int(data.test.data.sum()) == 1_793_373

from unittest import mock

import numpy as np
import pytest
from sklearn.cluster import KMeans

from aae_jax.metrics.kmeans import MAX_POINTS, kmeans
from tests.fakes import FakeModel, digits, split, tiny


class Two:
    components = 2


def blobs(n, label):
    """Two far blobs; the test set has 3 of 4 points on the left, one of them mislabelled."""
    train = np.repeat(np.float32([[-9.0], [9.0]]), n, axis=0)
    train += np.random.default_rng(0).normal(size=train.shape).astype(np.float32)
    return tiny(split(train), split([[-9.0], [-8.0], [-10.0], [9.0]], label), 2)


def test_hand_computed():
    result = kmeans(Two(), blobs(50, [0, 0, 1, 1]), seed=0)
    assert result == {"kmeans_error_majority": 0.25, "kmeans_error_hungarian": 0.25}
    # Both clusters hold mostly label 1: a one-to-one mapping must give one of them label 0.
    result = kmeans(Two(), blobs(50, [1, 1, 1, 1]), seed=0)
    assert result == {"kmeans_error_majority": 0.0, "kmeans_error_hungarian": 0.25}


def test_is_fitted_to_at_most_the_cap():
    data = blobs(MAX_POINTS, [0, 0, 0, 1])
    with mock.patch("sklearn.cluster.KMeans.fit", autospec=True, side_effect=KMeans.fit) as fit:
        kmeans(Two(), data, seed=0)
    assert len(fit.call_args.args[1]) == MAX_POINTS < len(data.train)


def test_the_same_seed_gives_the_same_numbers():
    data = digits()
    first, second = (kmeans(FakeModel(data), data, seed=3) for _ in range(2))
    assert first == second
    assert first["kmeans_error_majority"] == pytest.approx(0.2, abs=0.1)

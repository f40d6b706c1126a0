import math
from dataclasses import replace

import numpy as np
import pytest

from aae_jax.metrics.bayes_classifier import bayes_classifier
from aae_jax.metrics.clustering import clustering
from tests.fakes import FakeModel, digits, split, tiny


class TableModel:
    """Looks its answers up: the example is the index of a row."""

    components = 3

    def __init__(self, probability, joint=None):
        self._probability = np.asarray(probability)
        self._joint = joint

    def predict(self, x):
        return self._probability[x[:, 0].astype(int)]

    def encode(self, x, seed=None):
        return {"z": x}

    def log_joint(self, z):
        return self._joint[z[:, 0].astype(int)]


def table_dataset(validation=True):
    held_out = split([[6], [7], [8]], [1, 1, 0])
    test = split([[0], [1], [2], [3], [4], [5]], [0, 0, 0, 1, 1, 1])
    if validation == "unlabelled":
        return tiny(held_out, test, 2, validation=split([[0], [1]]))
    if validation:
        return tiny(split([[0]], [0]), test, 2, validation=held_out)
    return tiny(held_out, test, 2)


# Rows 0 to 5, the test set: clusters 0 0 1 1 1 2. Rows 6 to 8, held out: exemplars 6, 8 and 7.
PROBABILITY = np.array(
    [
        [0.8, 0.1, 0.1],
        [0.7, 0.2, 0.1],
        [0.1, 0.8, 0.1],
        [0.1, 0.8, 0.1],
        [0.1, 0.8, 0.1],
        [0.1, 0.1, 0.8],
        [0.9, 0.0, 0.1],
        [0.1, 0.3, 0.6],
        [0.2, 0.7, 0.1],
    ]
)


@pytest.mark.parametrize("validation", [True, False, "unlabelled"])
def test_hand_computed_errors(validation):
    result = clustering(TableModel(PROBABILITY), table_dataset(validation), seed=0)
    # Majority: 0 -> 0, 1 -> 1, 2 -> 1 misses image 2. One-to-one: also misses image 5.
    assert result["clustering_error_majority"] == pytest.approx(1 / 6)
    assert result["clustering_error_hungarian"] == pytest.approx(2 / 6)
    # Exemplars give 0 -> 1, 1 -> 0, 2 -> 1: right are image 2 and image 5.
    assert result["clustering_error_exemplar"] == pytest.approx(4 / 6)
    assert result["clusters_used"] == 3


def test_hand_computed_mutual_information():
    result = clustering(TableModel(PROBABILITY), table_dataset(), seed=0)
    h_label = math.log(2)
    h_cluster = -(2 / 6 * math.log(2 / 6) + 3 / 6 * math.log(3 / 6) + 1 / 6 * math.log(1 / 6))
    # Only cluster 1, with labels 0 1 1, leaves doubt about the label.
    doubt = 3 / 6 * -(1 / 3 * math.log(1 / 3) + 2 / 3 * math.log(2 / 3))
    assert result["nmi"] == pytest.approx((h_label - doubt) / ((h_label + h_cluster) / 2))
    # Pairs in one cell 2, in one cluster 4, in one label 6, of 15.
    assert result["ari"] == pytest.approx((2 - 4 * 6 / 15) / ((4 + 6) / 2 - 4 * 6 / 15))


def test_a_diverged_model_has_no_error_rate():
    """An argmax over NaN would silently be cluster 0."""
    broken = PROBABILITY.copy()
    broken[2] = np.nan
    model = TableModel(broken, joint=np.log(broken + 1e-9))
    assert all(math.isnan(v) for v in clustering(model, table_dataset(), 0).values())
    assert all(math.isnan(v) for v in bayes_classifier(model, table_dataset(), 0).values())


def test_bayes_classifier_by_hand():
    other = PROBABILITY.copy()
    other[2] = [0.8, 0.1, 0.1]  # Bayes' rule mends image 2
    model = TableModel(PROBABILITY, joint=np.log(other + 1e-9) - 2)
    result = bayes_classifier(model, table_dataset(), seed=0)
    assert result["bayes_clustering_error_majority"] == 0
    assert result["bayes_clustering_error_hungarian"] == pytest.approx(1 / 6)
    assert result["bayes_agreement"] == pytest.approx(5 / 6)
    # Each row of `other` sums to 1.
    assert result["bayes_log_likelihood"] == pytest.approx(-2, abs=1e-6)


def test_on_digits_the_rules_agree_and_more_clusters_than_classes_work():
    data = digits()
    ten = clustering(FakeModel(data), data, 0)
    assert ten["clustering_error_majority"] == ten["clustering_error_hungarian"] < 0.2
    assert ten["clusters_used"] == 10
    # Twenty clusters of which ten can never be right under a one-to-one mapping.
    doubled = replace(data, train=replace(data.train, label=np.arange(len(data.train)) % 20))
    twenty = clustering(FakeModel(doubled, components=20), data, 0)
    assert twenty["clustering_error_hungarian"] > twenty["clustering_error_majority"]

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.metrics.confusion import (
    NO_LABEL,
    cluster_confusion,
    error_rate,
    exemplar_map,
    hungarian_map,
    majority_map,
)

# Four clusters (rows) of three classes (columns), 20 examples; the last cluster is empty.
TABLE = np.array([[5, 4, 0], [6, 1, 0], [0, 1, 3], [0, 0, 0]])


def test_counts_every_pair_once():
    table = cluster_confusion(np.array([0, 0, 2, 1, 2]), np.array([1, 1, 0, 2, 2]), 4, 3)
    np.testing.assert_array_equal(table, [[0, 2, 0], [0, 0, 1], [1, 0, 1], [0, 0, 0]])


@pytest.mark.parametrize(
    ("cluster", "label"), [([4], [0]), ([-1], [0]), ([0], [3]), ([0], [-1]), ([0, 1], [0])]
)
def test_refuses_what_does_not_fit_the_table(cluster, label):
    with pytest.raises(ValueError, match=r"outside|clusters but"):
        cluster_confusion(np.array(cluster), np.array(label), 4, 3)


def test_majority_may_give_two_clusters_one_label():
    mapping = majority_map(TABLE)
    np.testing.assert_array_equal(mapping, [0, 0, 2, NO_LABEL])
    assert error_rate(TABLE, mapping) == pytest.approx(1 - (5 + 6 + 3) / 20)


def test_hungarian_is_one_to_one_and_best_in_sum():
    # Greedy by majority would send cluster 0 to label 0; the best sum is 4 + 6 + 3.
    mapping = hungarian_map(TABLE[:3])
    np.testing.assert_array_equal(mapping, [1, 0, 2])
    assert error_rate(TABLE[:3], mapping) == pytest.approx(1 - 13 / 20)


def test_hungarian_with_more_clusters_than_classes_counts_the_rest_as_errors():
    table = np.array([[8, 0], [7, 0], [0, 5]])
    mapping = hungarian_map(table)
    np.testing.assert_array_equal(mapping, [0, NO_LABEL, 1])
    assert error_rate(table, mapping) == pytest.approx(7 / 20)


def test_hungarian_with_fewer_clusters_than_classes():
    table = np.array([[3, 9, 1], [2, 8, 7]])
    mapping = hungarian_map(table)
    np.testing.assert_array_equal(mapping, [1, 2])
    assert error_rate(table, mapping) == pytest.approx(1 - 16 / 30)


def test_exemplar_is_the_strongest_claim_even_when_another_cluster_wins_that_image():
    probability = np.array([[0.9, 0.1, 0.0], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
    np.testing.assert_array_equal(exemplar_map(probability, np.array([7, 4, 5])), [7, 4, 5])


def test_exemplars_are_told_apart_where_the_largest_probability_is_one_to_the_last_digit():
    probability = jax.nn.softmax(jnp.asarray([[40.0, 0.0], [60.0, 0.0], [0.0, 1.0]]), axis=1)
    assert probability[0, 0] == probability[1, 0] == 1
    np.testing.assert_array_equal(exemplar_map(probability, np.array([7, 4, 5])), [4, 5])


def test_a_perfect_permutation_has_no_error():
    table = np.diag([4, 5, 6])[[2, 0, 1]]
    for rule in (majority_map, hungarian_map):
        np.testing.assert_array_equal(rule(table), [2, 0, 1])
        assert error_rate(table, rule(table)) == 0

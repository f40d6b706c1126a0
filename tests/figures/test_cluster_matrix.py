import numpy as np
from matplotlib.figure import Figure

from aae_jax.figures.cluster_matrix import _draw, cluster_matrix, used_clusters
from tests.fakes import FakeModel, digits


def test_clusters_are_sorted_by_label_then_size_and_empty_ones_left_out():
    confusion = np.array([[0, 0], [1, 9], [4, 0], [7, 1], [0, 3]])
    np.testing.assert_array_equal(used_clusters(confusion), [3, 2, 1, 4])


def test_both_classifiers_are_shown_with_the_error_of_the_majority_rule():
    data = digits(test=100, held_out=0)
    model = FakeModel(data)
    wrong = (model.predict(data.test.x()).argmax(axis=1) != data.test.label).mean()
    titles = [ax.get_title() for ax in cluster_matrix(model, data, 0).figure.axes]
    assert titles == [
        f"{name}: test clustering error {100 * wrong:.2f} % (majority rule)"
        for name in ("Prediction", "Bayes' rule on the code")
    ]
    only = cluster_matrix(FakeModel(data, absent=("log_joint",)), data, 0)
    assert len(only.figure.axes) == 1


def test_cells_are_counts_of_their_cluster_and_label():
    ax = Figure().add_subplot()
    clusters_by_labels = np.array([[0, 0], [1, 9], [4, 0], [7, 1], [0, 3]])
    _draw(ax, clusters_by_labels, "", ["cat", "a" * 20])
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["3", "2", "1", "4"]
    assert ax.get_xlabel() == "cluster, sorted by its majority label; 4 of 5 in use"
    cells = {text.get_position(): text.get_text() for text in ax.texts}
    assert cells == {(0, 0): "7", (0, 1): "1", (1, 0): "4", (2, 0): "1", (2, 1): "9", (3, 1): "3"}
    assert ax.get_ylabel() == "label"
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["cat", "a" * 15 + "…"]

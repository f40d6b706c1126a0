"""Which labels the test images of each cluster have."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot, finite, new, short
from aae_jax.metrics.confusion import cluster_confusion, error_rate, majority_map
from aae_jax.metrics.needs import Model, Needs

if TYPE_CHECKING:
    import matplotlib.axes


def used_clusters(confusion: np.ndarray) -> np.ndarray:
    """Clusters that hold images, by majority label, larger ones first within a label."""
    size = confusion.sum(axis=1)
    order = np.lexsort((-size, majority_map(confusion)))
    return order[size[order] > 0]


def draw_counts(
    ax: "matplotlib.axes.Axes", table: np.ndarray, columns: Sequence[Any], rows: Sequence[str]
) -> None:
    """Draws counts by label (rows) and by what the columns are named, shaded by column."""
    share = table / np.maximum(table.sum(axis=0, keepdims=True), 1)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(table):
        if count:
            ax.text(
                column,
                row,
                str(count),
                ha="center",
                va="center",
                fontsize=8,
                color="white" if share[row, column] > 0.5 else "black",
            )
    columns = [short(str(name)) for name in columns]
    aslant = {"rotation": 45, "ha": "right"} if max(map(len, columns)) > 3 else {}
    ax.set_xticks(range(len(columns)), columns, **aslant)
    ax.set_yticks(range(len(table)), [short(name) for name in rows])
    ax.tick_params(length=0, labelsize=9)
    # Lines between cells, so that neighbouring counts are not read as one number.
    ax.set_xticks(np.arange(1, len(columns)) - 0.5, minor=True)
    ax.set_yticks(np.arange(1, len(table)) - 0.5, minor=True)
    ax.grid(which="minor", color="#d5d8de", linewidth=0.6)
    ax.tick_params(which="minor", length=0)
    ax.set_ylabel("label")


def scores(model: Model, x: np.ndarray) -> dict[str, np.ndarray]:
    """What each classifier of a model says of images: title -> [N, K], the highest one counts."""
    score = {"Prediction": finite(model.predict(x), "the cluster probabilities")}
    if model.has("encode") and model.has("log_joint"):
        joint = model.log_joint(model.encode(x)["z"])
        score["Bayes' rule on the code"] = finite(joint, "the code densities")
    return score


def _draw(
    ax: "matplotlib.axes.Axes", confusion: np.ndarray, title: str, labels: Sequence[str]
) -> None:
    used = used_clusters(confusion)
    draw_counts(ax, confusion[used].T, used, labels)
    some = f"; {len(used)} of {len(confusion)} in use" if len(used) < len(confusion) else ""
    ax.set_xlabel(f"cluster, sorted by its majority label{some}")
    error = error_rate(confusion, majority_map(confusion))
    ax.set_title(f"{title}: test clustering error {100 * error:.2f} % (majority rule)", fontsize=11)


def cluster_matrix(model: Model, dataset: Any, seed: int) -> Figure:
    """Counts of test images by label and cluster, for each classifier that the model has."""
    del seed
    score = scores(model, dataset.test.x())
    clusters = model.components
    figure = new(
        1.2 + max(5.5, 0.42 * clusters), len(score) * (1.1 + max(1.5, 0.3 * dataset.num_classes))
    )
    axes = figure.subplots(len(score), 1, squeeze=False).ravel()
    for ax, (title, value) in zip(axes, score.items(), strict=True):
        confusion = cluster_confusion(
            value.argmax(axis=1), dataset.test.label, value.shape[1], dataset.num_classes
        )
        _draw(ax, confusion, title, dataset.label_names)
    return Figure(
        figure,
        "Clusters against labels: the number of test images with each label in each cluster; the "
        "shade is their share of the cluster. A perfect clustering has one dark cell per column."
        + (
            " Below, the cluster is the most probable mixture component given the code."
            if len(score) > 1
            else ""
        ),
    )


PLOT = Plot(cluster_matrix, Needs(("predict",), labels=True))

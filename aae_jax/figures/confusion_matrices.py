"""Which classes the test images of each class are taken for."""

from typing import Any

from aae_jax.figures.cluster_matrix import draw_counts, scores
from aae_jax.figures.figure import Figure, Plot, new
from aae_jax.metrics.confusion import cluster_confusion
from aae_jax.metrics.needs import Model, Needs


def confusion_matrices(model: Model, dataset: Any, seed: int) -> Figure:
    """Counts of test images by label and predicted class, for each classifier of the model.

    Figs. 4e and 4f of "Adversarially Learned Mixture Model".
    """
    del seed
    classes = dataset.num_classes
    score = scores(model, dataset.test.x())
    figure = new(len(score) * (1.2 + 0.45 * classes), 1.3 + 0.42 * classes)
    axes = figure.subplots(1, len(score), squeeze=False).ravel()
    for ax, (title, value) in zip(axes, score.items(), strict=True):
        predicted = value.argmax(axis=1)
        counts = cluster_confusion(predicted, dataset.test.label, classes, classes)
        draw_counts(ax, counts.T, dataset.label_names, dataset.label_names)
        ax.set_xlabel("predicted class")
        wrong = (predicted != dataset.test.label).mean()
        ax.set_title(f"{title}: test error {100 * wrong:.2f} %", fontsize=11)
    return Figure(
        figure,
        "Confusion matrices: the number of test images with each label that are given each class; "
        "the shade is their share of the images given that class. All is right where only the "
        "diagonal is dark."
        + (
            " On the right, the class is the most probable mixture component given the code."
            if len(score) > 1
            else ""
        ),
    )


PLOT = Plot(confusion_matrices, Needs(("predict",), labels=True, class_components=True))

"""Test error of the second classifier of a mixture model with a component for each class."""

from typing import Any

from aae_jax.metrics.classification import errors
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs


def bayes_classification(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Classifies the test set by argmax_k p(z | y = k) p(y = k) at the posterior mean z.

    Eq. 19 of "Adversarially Learned Mixture Model", where component k is class k itself.

    Args:
        model: needs `encode` and `log_joint`, with one component for each class.
        dataset: needs labels.
        seed: unused; the posterior mean needs no draw.

    Returns:
        bayes_classification_error: fraction of test images given a wrong class, in [0, 1].
        bayes_classification_error_worst_class: the same among the images of the class that fares
            worst.
        NaN when a density is not finite.
    """
    del seed
    joint = model.log_joint(model.encode(dataset.test.x())["z"])
    error, worst = errors(joint, dataset.test.label)
    return {
        "bayes_classification_error": error,
        "bayes_classification_error_worst_class": worst,
    }


METRIC = Metric(
    bayes_classification,
    Needs(("encode", "log_joint"), labels=True, class_components=True),
    {
        "bayes_classification_error": Value(
            "Test images given a wrong class by Bayes' rule on the embedding",
            "lower",
            fraction=True,
        ),
        "bayes_classification_error_worst_class": Value(
            "The same among the images of the class that fares worst by that rule",
            "lower",
            fraction=True,
        ),
    },
)

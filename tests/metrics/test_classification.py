import math

import numpy as np
import pytest

from aae_jax.metrics.classification import classification
from tests.fakes import split, tiny


class Table:
    """Predicts the class that the example is."""

    def predict(self, x):
        return np.eye(3, dtype=np.float32)[x[:, 0].astype(int)]


def test_hand_computed():
    # Of four 0s one is wrong, of two 1s one; there is no 2.
    test = split([[0], [0], [0], [2], [1], [0]], [0, 0, 0, 0, 1, 1])
    others = split([[2], [1]], [0, 1])
    assert classification(Table(), tiny(others, test, 3), seed=0) == {
        "classification_error": pytest.approx(2 / 6),
        "classification_error_worst_class": pytest.approx(1 / 2),
        "classification_error_most_frequent": pytest.approx(2 / 6),
    }


def test_a_diverged_model_has_no_error_rate():
    class Diverged:
        def predict(self, x):
            return np.full((len(x), 3), np.nan)

    test = split([[0], [1]], [0, 1])
    result = classification(Diverged(), tiny(test, test, 3), seed=0)
    assert math.isnan(result["classification_error"])
    assert math.isnan(result["classification_error_worst_class"])
    assert result["classification_error_most_frequent"] == 0.5

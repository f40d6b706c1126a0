import math

import numpy as np
import pytest

from aae_jax.metrics.bayes_classification import bayes_classification
from tests.fakes import split, tiny


class Table:
    """The code is the example itself, and each class owns the integer of its number."""

    def encode(self, x):
        return {"z": x}

    def log_joint(self, z):
        return -((z - np.arange(3)[None]) ** 2)


def test_hand_computed():
    # Of four 0s one is nearest to 2, of two 1s one to 0.
    test = split([[0.1], [0], [-1], [1.8], [1.2], [0.3]], [0, 0, 0, 0, 1, 1])
    others = split([[2.0], [1.0]], [0, 1])
    assert bayes_classification(Table(), tiny(others, test, 3), seed=0) == {
        "bayes_classification_error": pytest.approx(2 / 6),
        "bayes_classification_error_worst_class": pytest.approx(1 / 2),
    }


def test_a_diverged_model_has_no_error_rate():
    test = split([[0.0], [math.nan]], [0, 1])
    result = bayes_classification(Table(), tiny(test, test, 3), seed=0)
    assert len(result) == 2
    assert all(math.isnan(value) for value in result.values())

import math

import numpy as np

from aae_jax.metrics.label_component import label_component
from tests.fakes import FakeModel, digits, split, tiny


class Sections:
    """The code is the example less 0.5 where it is a draw; section k is [k, k + 1)."""

    def encode(self, x, seed=None):
        return {"z": x if seed is None else x - 0.5}

    def component_of(self, z):
        return np.floor(z[:, 0]).astype(int)


def test_counts_draws_that_fall_into_the_part_of_their_label():
    # Draws -0.3, 0.7, 1.2 and 2.9 lie in sections -1, 0, 1 and 2.
    test = split([[0.2], [1.2], [1.7], [3.4]], [0, 0, 1, 1])
    others = split([[2.7], [2.8]], [0, 1])
    result = label_component(Sections(), tiny(others, test, 3), seed=0)
    assert result == {"label_component_match": 0.5}


def test_is_high_where_components_belong_to_labels_and_low_where_not():
    data = digits(test=200)
    model = FakeModel(data)
    match = label_component(model, data, seed=0)["label_component_match"]
    assert match > 0.8
    component_of = model.component_of
    model.component_of = lambda z: (component_of(z) + 1) % 10
    assert label_component(model, data, seed=0)["label_component_match"] < 0.2


def test_a_diverged_model_matches_nothing():
    test = split([[1.0], [1.5]], [0, 0])
    model = Sections()
    model.encode = lambda x, seed: {"z": x * np.nan}
    result = label_component(model, tiny(test, test, 1), seed=0)
    assert math.isnan(result["label_component_match"])

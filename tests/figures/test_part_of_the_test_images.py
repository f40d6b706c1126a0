"""Figures of some test images only give each its own label."""

import importlib

import numpy as np
import pytest

from tests.fakes import FakeModel, digits


@pytest.mark.parametrize("name", ["tsne", "code_scatter"])
def test_a_part_of_the_test_images_has_its_own_labels(name, monkeypatch):
    module = importlib.import_module(f"aae_jax.figures.{name}")
    plotted = []
    monkeypatch.setattr(module, "MAX_POINTS", 40)
    monkeypatch.setattr(module, "scatter", lambda ax, xy, label, *_: plotted.append(label))
    if name == "tsne":
        monkeypatch.setattr(module, "embed", lambda z, seed: z[:, :2])
    data = digits(test=120, held_out=0)
    getattr(module, name)(FakeModel(data, width=2), data, 0)
    np.testing.assert_array_equal(plotted[0], data.test.label[data.test.some(40, 0)])

"""Figures that show originals beside what the model makes of them: which image is where."""

import importlib
from unittest import mock

import numpy as np
import pytest

from tests.fakes import FakeModel, digits


def drawn(name, model, data):
    """The images [R, C, H, W] that a figure hands to the grid."""
    # The package's attribute of this name is the function.
    module = importlib.import_module(f"aae_jax.figures.{name}")
    with mock.patch.object(module, "grid") as grid:
        getattr(module, name)(model, data, 0)
    return grid.call_args.args[0][..., 0], grid.call_args.kwargs


@pytest.fixture(scope="module")
def data():
    return digits(test=120, held_out=0)


def index_in(data, images):
    """Position in the test set of each of the images."""
    test = data.test.x()[..., 0]
    match = np.isclose(images[:, None], test[None]).all(axis=(2, 3))
    assert (match.sum(axis=1) >= 1).all()
    return match.argmax(axis=1)


def test_a_reconstruction_stands_under_its_original(data):
    model = FakeModel(data)
    rows, labels = drawn("reconstructions", model, data)
    assert labels["row_labels"] == ["original", "reconstruction"] * 4
    for i in range(0, 8, 2):
        x = data.test.x(index_in(data, rows[i]))
        np.testing.assert_allclose(rows[i + 1], model.reconstruct(x)[..., 0], atol=1e-6)


def test_a_walk_is_framed_by_the_images_it_joins(data):
    model = FakeModel(data)
    rows, labels = drawn("interpolations", model, data)
    assert labels["column_labels"][:3] == ["A", "0%", "10%"]
    assert labels["column_labels"][-2:] == ["100%", "B"]
    a, b = (data.test.x(index_in(data, rows[:, end])) for end in (0, -1))
    assert len({*index_in(data, rows[:, 0]), *index_in(data, rows[:, -1])}) == 2 * len(rows)
    np.testing.assert_allclose(rows[:, 1], model.reconstruct(a)[..., 0], atol=1e-6)
    np.testing.assert_allclose(rows[:, -2], model.reconstruct(b)[..., 0], atol=1e-6)


def test_components_have_a_row_each_and_no_noise_in_common(data):
    model = FakeModel(data)
    # With equal centres, two rows would be equal if their noise were.
    model._centre = np.zeros_like(model._centre)
    model._std = np.ones_like(model._std)
    module = importlib.import_module("aae_jax.figures.samples_per_component")
    with mock.patch.object(module, "grid") as grid:
        module.samples_per_component(model, data, 0)
    rows, labels = grid.call_args.args
    assert labels == [f"component {k}" for k in range(10)]
    assert not np.allclose(rows[0], rows[1])


def test_images_stand_in_the_row_of_their_cluster(data):
    model = FakeModel(data)
    cluster = model.predict(data.test.x()).argmax(axis=1)
    module = importlib.import_module("aae_jax.figures.test_by_cluster")
    with mock.patch.object(module, "grid") as grid:
        module.test_by_cluster(model, data, 0)
    rows, labels = grid.call_args.args
    for k, row in enumerate(rows[..., 0]):
        size = (cluster == k).sum()
        assert labels[k] == f"cluster {k} ({size})"
        shown = row[: min(size, len(row))]
        assert (cluster[index_in(data, shown)] == k).all()
        assert (row[size:] == 1).all()

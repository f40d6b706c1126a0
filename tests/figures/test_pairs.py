"""Figures that show originals beside what the model makes of them: which image is where."""

import importlib
from unittest import mock

import numpy as np
import pytest

from aae_jax.data import Split
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


def test_draws_of_a_code_stand_beside_their_image(data):
    model = FakeModel(data, local=20)
    rows, labels = drawn("stochastic_reconstructions", model, data)
    assert labels["column_labels"] == ["image", *(f"draw {s}" for s in range(1, 11))]
    x = data.test.x(index_in(data, rows[:, 0]))
    for s in range(10):
        expected = model.decode(model.encode(x, seed=s))[..., 0]
        np.testing.assert_allclose(rows[:, 1 + s], expected, atol=1e-6)
    assert not np.allclose(rows[:, 1], rows[:, 2])


@pytest.mark.parametrize(("components", "shown"), [(10, "10 "), (30, "first 20 of the 30 ")])
def test_a_row_of_components_has_one_noise(data, components, shown):
    model = FakeModel(data, components=components, local=20)
    module = importlib.import_module("aae_jax.figures.style_by_component")
    with mock.patch.object(module, "grid") as grid:
        figure = module.style_by_component(model, data, 3)
    assert f"each of the {shown}components" in figure.caption
    rows = grid.call_args.args[0][..., 0]
    count = min(components, 20)
    assert grid.call_args.kwargs["column_labels"] == [str(k) for k in range(count)]
    assert rows.shape[:2] == (10, count)
    codes = [model.prior(10, 3, component=k) for k in range(count)]
    for k, code in enumerate(codes):
        np.testing.assert_array_equal(code["n"], codes[0]["n"])
        np.testing.assert_allclose(rows[:, k], model.decode(code)[..., 0], atol=1e-6)


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


def test_a_walk_along_the_axis_goes_row_by_row():
    data = digits(test=20, held_out=0)
    model = FakeModel(data)
    rows, labels = drawn("axis_walk", model, data)
    assert labels["row_labels"] == [f"section {k}" for k in range(10)]
    count = rows.shape[0] * rows.shape[1]
    for i in (0, 17, count - 1):
        expected = model.decode(model.axis(np.array([(i + 0.5) / count])))[0, ..., 0]
        np.testing.assert_allclose(rows.reshape(count, 8, 8)[i], expected, atol=1e-5)
    assert not np.allclose(rows[0, -1], rows[1, 0])
    model = FakeModel(data, components=0)
    model.axis = lambda u: {"z": np.tile(u[:, None], (1, 8))}
    rows, labels = drawn("axis_walk", model, data)
    assert labels["row_labels"][-1] == "part 9"


@pytest.mark.parametrize("form", [{"conditioned": True}, {"with_y": True}], ids=str)
def test_a_style_stands_in_a_row_with_its_image_first_and_its_labels_in_order(data, form):
    model = FakeModel(data, **form)
    made = []
    decode = model.decode
    model.decode = lambda code: made.append(code) or decode(code)
    rows, labels = drawn("style_by_label", model, data)
    assert labels["column_labels"] == ["image", *"0123456789"]
    index = index_in(data, rows[:, 0])
    assert len(set(index)) == 10
    x = data.test.x(index)
    z = model.encode(x, label=data.test.label[index])["z"]
    for k, code in enumerate(made):
        np.testing.assert_array_equal(code["y"], np.eye(10)[[k] * 10])
        np.testing.assert_array_equal(code["z"], z)
        np.testing.assert_allclose(rows[:, 1 + k], decode(code)[..., 0], atol=1e-6)
    assert len(made) == 10
    # A decoder that reads y gives each label an image of its own; the other one ignores it.
    assert np.allclose(rows[:, 1], rows[:, 2]) == (not model.conditioned)


def test_a_sample_is_followed_by_its_nearest_training_image(data):
    model = FakeModel(data)
    rows, labels = drawn("samples_with_neighbours", model, data)
    assert labels["column_labels"] == [""] * 12 + ["nearest"]
    np.testing.assert_allclose(rows[:, :12].reshape(96, 8, 8), model.sample(96, 0)[..., 0])
    train = data.train.x()[..., 0]
    distance = np.square(rows[:, 11][:, None] - train[None]).sum(axis=(2, 3))
    np.testing.assert_allclose(rows[:, 12], train[distance.argmin(axis=1)])


def test_nearest_is_measured_in_pixel_values_across_chunks(monkeypatch):
    module = importlib.import_module("aae_jax.figures.samples_with_neighbours")
    monkeypatch.setattr(module, "CHUNK", 3)
    pixels = np.zeros((8, 1, 2, 1), np.uint8)
    pixels[:, 0, 0, 0] = np.arange(8) * 30
    pixels[:, 0, 1, 0] = np.arange(8)[::-1] * 30
    # The second pixel has a range of thousandths: in the data's own unit it would not count.
    wide = np.array([[[0.0], [0.0]]]), np.array([[[1.0], [0.001]]])
    train = Split("train", pixels, None, wide)
    # 100 and 160 of 255: nearest to 60 and 150 (image 2).
    x = np.array([[[[100 / 255], [160 / 255 * 0.001]]]])
    assert module.nearest(x, train).tolist() == [2]
    assert module.nearest(train.x(), train).tolist() == list(range(8))

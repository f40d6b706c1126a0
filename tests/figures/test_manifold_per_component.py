import importlib
from unittest import mock

import numpy as np
import pytest

from aae_jax.figures.manifold_per_component import SIDE, component_grid, principal_axes
from tests.fakes import FakeModel, digits


def spoke(angle, n=40_000, seed=0):
    """Draws of a Gaussian at radius 1.4, of deviation 0.5 along its radius and 0.1 across."""
    rng = np.random.default_rng(seed)
    along, across = 1.4 + 0.5 * rng.normal(size=n), 0.1 * rng.normal(size=n)
    out, left = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    return along[:, None] * out[None] + across[:, None] * left[None]


@pytest.mark.parametrize("angle", [0.0, 0.7, 2.5, 4.0, 5.9])
def test_axes_point_outwards_and_to_the_left_of_it(angle):
    axes = principal_axes(spoke(angle))
    out = [np.cos(angle), np.sin(angle)]
    np.testing.assert_allclose(axes, [out, [-out[1], out[0]]], atol=0.01)


@pytest.mark.parametrize("angle", [0.0, 2.5])
def test_grid_lies_on_the_percentiles_of_the_component(angle):
    """Of 2 x 2 codes: the quartiles, 0.6745 deviations from the mean, out and left of it."""
    codes = component_grid(spoke(angle), 2)
    assert codes.shape == (2, 2, 2)
    near, far = 1.4 - 0.5 * 0.6745, 1.4 + 0.5 * 0.6745
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    side = 0.1 * 0.6745
    expected = np.array([[[near, side], [far, side]], [[near, -side], [far, -side]]])
    np.testing.assert_allclose(codes @ turned, expected, atol=0.02)


def test_panels_stand_side_by_side_in_the_order_of_components():
    data = digits(test=20, held_out=0)
    model = FakeModel(data, width=2)
    module = importlib.import_module("aae_jax.figures.manifold_per_component")
    with mock.patch.object(module, "grid") as grid:
        module.manifold_per_component(model, data, 0)
    labels = grid.call_args.kwargs["column_labels"]
    assert [label for label in labels if label] == [f"component {k}" for k in range(3)]
    rows = grid.call_args.args[0]
    assert rows.shape[:2] == (SIDE, 3 * SIDE)
    for k in range(3):
        # The middle of a panel is what the middle of its component decodes to.
        at = k * SIDE + SIDE // 2
        assert labels[at] == f"component {k}"
        middle = model.decode({"z": model._centre[k : k + 1]})[0, ..., 0]
        np.testing.assert_allclose(rows[SIDE // 2, at, ..., 0], middle, atol=0.02)

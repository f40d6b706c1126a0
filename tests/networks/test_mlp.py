"""Fully connected networks."""

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax.networks.mlp import MLP


def test_shapes_and_parameter_count():
    network = MLP((5, 4), output=(2, 2, 1))
    x = jnp.ones((3, 6, 1, 1))
    variables = network.init(jax.random.key(0), x, train=False)
    assert network.apply(variables, x, train=False).shape == (3, 2, 2, 1)
    count = sum(leaf.size for leaf in jax.tree.leaves(variables))
    assert count == (6 * 5 + 5) + (5 * 4 + 4) + (4 * 4 + 4)


def test_scalar_output_by_hand():
    network = MLP((2,), output=(), activation=jnp.negative)
    x = jnp.array([[1.0, -2.0]])
    params = network.init(jax.random.key(0), x, train=False)["params"]
    weights = {
        "Dense_0": jnp.array([[1.0, 1.0], [1.0, -1.0]]),
        "Dense_1": jnp.array([[2.0], [3.0]]),
    }
    params = {
        name: {"Dense_0": {"kernel": weights[name], "bias": layer["Dense_0"]["bias"] + 0.5}}
        for name, layer in params.items()
    }
    # Hidden: relu(1 - 2 + 0.5) = 0 and relu(1 + 2 + 0.5) = 3.5; output -(3 * 3.5 + 0.5).
    np.testing.assert_allclose(network.apply({"params": params}, x, train=False), [-11.0])

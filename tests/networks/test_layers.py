"""Layers: initialisation, statistics of the global batch, pooling."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import parallel
from aae_jax.networks import layers


def test_dense_starts_as_the_papers_say():
    params = layers.Dense(400, stddev=0.02).init(jax.random.key(0), jnp.ones((1, 400)))["params"]
    kernel, bias = params["Dense_0"]["kernel"], params["Dense_0"]["bias"]
    np.testing.assert_allclose(np.std(kernel), 0.02, rtol=0.02)
    np.testing.assert_allclose(np.mean(kernel), 0.0, atol=5e-4)
    np.testing.assert_array_equal(bias, 0.0)


@pytest.mark.parametrize("layer", [layers.Conv, layers.UpConv])
def test_convolutions_start_as_the_papers_say(layer):
    variables = layer(64, 4, 2).init(jax.random.key(0), jnp.ones((1, 8, 8, 32)))
    kernel, bias = variables["params"]["kernel"], variables["params"]["bias"]
    assert kernel.shape == (4, 4, 32, 64)
    np.testing.assert_allclose(np.std(kernel), 0.02, rtol=0.02)
    np.testing.assert_array_equal(bias, 0.0)


def test_convolution_adds_its_bias_and_can_do_without():
    x = jnp.zeros((2, 5, 5, 3))
    layer = layers.Conv(4, 3)
    params = layer.init(jax.random.key(0), x)["params"]
    params = {**params, "bias": jnp.arange(4.0)}
    expected = np.broadcast_to(np.arange(4.0), (2, 3, 3, 4))
    np.testing.assert_array_equal(layer.apply({"params": params}, x), expected)
    bare = layers.Conv(4, 3, use_bias=False).init(jax.random.key(0), x)["params"]
    assert set(bare) == {"kernel"}


def test_batch_norm_does_not_depend_on_the_number_of_devices():
    x = jax.random.normal(jax.random.key(0), (8, 6))

    def layer(x):
        norm = layers.BatchNorm()
        variables = norm.init(jax.random.key(0), x, train=False)
        return norm.apply(variables, x, train=True, mutable=["batch_stats"])

    y, stats = layer(x)
    y_4, stats_4 = jax.vmap(layer, axis_name=parallel.DEVICE)(x.reshape(4, 2, 6))
    np.testing.assert_allclose(y_4.reshape(8, 6), y, atol=1e-5)
    for one, four in zip(jax.tree.leaves(stats), jax.tree.leaves(stats_4), strict=True):
        for shard in four:
            np.testing.assert_allclose(shard, one, atol=1e-6)


def test_batch_norm_by_hand():
    x = jnp.array([[1.0], [3.0]])
    norm = layers.BatchNorm()
    variables = norm.init(jax.random.key(0), x, train=False)
    y, updated = norm.apply(variables, x, train=True, mutable=["batch_stats"])
    np.testing.assert_allclose(y, [[-1.0], [1.0]], atol=1e-4)
    (stats,) = updated["batch_stats"].values()
    np.testing.assert_allclose(stats["mean"], [0.2], atol=1e-6)  # 0.9 * 0 + 0.1 * 2
    np.testing.assert_allclose(stats["var"], [1.0], atol=1e-6)  # 0.9 * 1 + 0.1 * 1


def test_max_pool_by_hand():
    x = jnp.arange(16.0).reshape(1, 4, 4, 1)
    np.testing.assert_array_equal(layers.max_pool(x)[0, :, :, 0], [[5.0, 7.0], [13.0, 15.0]])


def test_widths_are_rounded_up_and_never_zero():
    assert layers.widen(0.07, 100, 10) == (7, 1)  # 0.07 * 100 is a little more than 7
    assert layers.widen(0.25, 1024, 6) == (256, 2)
    assert layers.widen(1e-9, 5) == (1,)

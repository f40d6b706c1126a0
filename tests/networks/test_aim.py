"""AIM's tables: sizes of maps, parameter counts, what joins where."""

import itertools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.networks import aim

CHANNELS = {"aim_mnist": 1, "aim_64": 3}


def make(name, width=1.0, variance=True):
    build, size, _ = aim.TABLES[name]
    shape = (size, size, CHANNELS[name])
    return build(shape, 8, variance=variance, width=width), shape


def shapes(network, *inputs):
    """Shapes of a network's output and parameters, without computing anything."""
    specs = [jax.ShapeDtypeStruct((2, *shape), jnp.float32) for shape in inputs]
    return jax.eval_shape(
        lambda *inputs: network.init_with_output(jax.random.key(0), *inputs, train=False), *specs
    )


def count(network, *inputs):
    return sum(leaf.size for leaf in jax.tree.leaves(shapes(network, *inputs)[1]["params"]))


@pytest.mark.parametrize("name", aim.TABLES)
def test_sizes_agree_from_network_to_network(name):
    nets, shape = make(name)
    assert shapes(nets.generator, (8,))[0].shape == (2, *shape)
    judgement, _ = shapes(nets.discriminator, shape)
    assert judgement.logits.shape == (2,)
    assert judgement.features.shape == (2, *nets.features)
    joint, _ = shapes(nets.discriminator, shape, (8,))
    assert joint.logits.shape == (2,)
    assert shapes(nets.posterior, nets.features)[0].shape == (2, 2, 8)
    assert shapes(nets.encoder, shape)[0].shape == (2, 2, 8)


def test_the_encoder_reads_what_the_tables_print():
    # "Reshape to 576" (Table 3) and "Reshape to 512" (Table 4) before the branches.
    for name, joined in {"aim_mnist": 576, "aim_64": 512}.items():
        nets, _ = make(name)
        params = shapes(nets.posterior, nets.features)[1]["params"]
        assert params["Dense_0"]["Dense_0"]["kernel"].shape[0] == joined


def test_mnist_parameters_counted_by_hand():
    nets, shape = make("aim_mnist")
    features = (16 * 64 + 64) + (16 * 64 * 128 + 2 * 128)
    head = (6272 * 1024 + 2 * 1024) + (1024 * 64 + 64) + (64 + 1)
    assert count(nets.discriminator, shape) == features + head
    branch = (576 * 32 + 2 * 32) + (32 * 8 + 8)
    posterior = (16 * 128 * 64 + 2 * 64) + 2 * branch
    assert count(nets.posterior, nets.features) == posterior
    assert count(nets.encoder, shape) == features + posterior
    generator = (8 * 1024 + 2 * 1024) + (1024 * 6272 + 2 * 6272)
    generator += (16 * 128 * 64 + 2 * 64) + (16 * 64 + 1)
    assert count(nets.generator, (8,)) == generator
    # A code joins the features, so that only the first layer of the head grows.
    assert count(nets.discriminator, shape, (8,)) == features + head + 8 * 1024


def test_64_parameters_counted_by_hand():
    nets, shape = make("aim_64")
    maps = [128, 256, 512, 1024]
    features = 16 * 3 * 128 + 128
    features += sum(16 * a * b + 2 * b for a, b in itertools.pairwise(maps))
    assert count(nets.discriminator, shape) == features + (16 * 1024 + 1)
    stages = [(1024, 512, 16), (512, 512, 16), (512, 256, 4), (256, 128, 1)]
    posterior = sum(a * b * window + 2 * b for a, b, window in stages)
    posterior -= 512  # the first has a bias and no batch norm
    posterior += 2 * ((512 * 64 + 2 * 64) + (64 * 8 + 8))
    assert count(nets.posterior, nets.features) == posterior
    generator = 16 * 8 * 1024 + 2 * 1024
    generator += sum(16 * a * b + 2 * b for a, b in [(1024, 512), (512, 256), (256, 128)])
    assert count(nets.generator, (8,)) == generator + 16 * 128 * 3 + 3


def test_without_a_variance_there_is_one_branch():
    nets, _ = make("aim_mnist", variance=False)
    mean, variables = shapes(nets.posterior, nets.features)
    assert mean.shape == (2, 1, 8)
    assert len(variables["params"]) == 5  # a convolution, two layers, two norms


@pytest.mark.parametrize("name", aim.TABLES)
def test_width_scales_all_but_inputs_and_outputs(name):
    nets, shape = make(name, width=0.01)
    assert shapes(nets.generator, (8,))[0].shape == (2, *shape)
    assert shapes(nets.posterior, nets.features)[0].shape == (2, 2, 8)
    assert count(nets.discriminator, shape) < 2_000


def test_points_are_their_own_features():
    nets = aim.points((2,), 3, variance=True, hidden=(16,), batch_norm=True, init_std=0.1)
    x = jax.random.normal(jax.random.key(0), (5, 2))
    judgement, _ = nets.discriminator.init_with_output(jax.random.key(0), x, train=False)
    np.testing.assert_array_equal(judgement.features, x)
    assert judgement.logits.shape == (5,)
    assert shapes(nets.posterior, (2,))[0].shape == (2, 2, 3)
    assert shapes(nets.generator, (3,))[0].shape == (2, 2)
    assert count(nets.generator, (3,)) == (3 * 16 + 2 * 16) + (16 * 2 + 2)
    # No batch norm in the discriminator.
    assert "batch_stats" not in shapes(nets.discriminator, (2,))[1]


def test_width_scales_the_layer_where_z_meets_the_features():
    shape = (64, 64, 3)
    networks = aim.aim_64(shape, 5, variance=True, width=0.02)
    discriminator = networks.discriminator
    x, z = jnp.zeros((2, *shape)), jnp.zeros((2, 5))
    params = jax.eval_shape(
        lambda: discriminator.init(jax.random.key(0), x, z, train=False)["params"]
    )
    assert params["Dense_0"]["Dense_0"]["kernel"].shape[1] == 20


@pytest.mark.parametrize(
    ("name", "shape", "slope"), [("aim_mnist", (28, 28, 1), 0.1), ("aim_64", (64, 64, 3), 0.2)]
)
def test_slopes_of_the_leaky_relus_are_the_tables(name, shape, slope, monkeypatch):
    seen = []
    monkeypatch.setattr(nn, "leaky_relu", lambda x, slope: seen.append(slope) or x)
    networks = aim.TABLES[name][0](shape, 8, variance=True, width=0.1)
    x = jax.ShapeDtypeStruct((2, *shape), jnp.float32)
    for network in (networks.discriminator, networks.encoder):
        jax.eval_shape(lambda x, n=network: n.init(jax.random.key(0), x, train=False), x)
    assert set(seen) == {slope}

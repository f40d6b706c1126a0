"""The tables of the implicit autoencoders: sizes, parameter counts, conditioning, noise."""

import functools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.networks import implicit

CHANNELS = {"mnist": 1, "svhn": 3, "celeba": 3}


def networks(name, code, conditioning="location_dependent", width=1.0):
    """The networks of a table, and two images for them."""
    table = implicit.TABLES[name]
    shape = (table.size, table.size, CHANNELS[name])
    nets = implicit.image_networks(table, shape, code, conditioning=conditioning, width=width)
    return nets, jax.random.uniform(jax.random.key(0), (2, *shape))


def init(network, *inputs):
    """Parameters and statistics, large enough for differences to show."""
    variables = jax.jit(lambda: network.init(jax.random.key(0), *inputs, train=False))()
    return {**variables, "params": jax.tree.map(lambda a: 10 * a, variables["params"])}


def shape_of(network, *inputs):
    return jax.eval_shape(
        lambda: network.init_with_output(jax.random.key(0), *inputs, train=False)[0]
    ).shape


def count(network, *inputs):
    variables = jax.eval_shape(lambda: network.init(jax.random.key(0), *inputs, train=False))
    return sum(leaf.size for leaf in jax.tree.leaves(variables["params"]))


def noise(dim, seed=1):
    return jax.random.normal(jax.random.key(seed), (2, dim))


@pytest.mark.parametrize("conditioning", implicit.CONDITIONING)
@pytest.mark.parametrize("name", sorted(implicit.TABLES))
def test_shapes_agree_from_network_to_network(name, conditioning):
    nets, x = networks(name, 5, conditioning)
    z, n, eps = noise(5), noise(7), noise(3)
    assert shape_of(nets.encoder, x) == shape_of(nets.encoder, x, eps) == (2, 5)
    assert shape_of(nets.decoder, z) == shape_of(nets.decoder, z, n) == x.shape
    assert shape_of(nets.image_discriminator, x, z) == (2,)
    assert shape_of(nets.image_discriminator, x) == (2,)
    assert shape_of(nets.code_discriminator, z) == (2,)


def test_mnist_parameters_counted_by_hand():
    nets, x = networks("mnist", 20)
    z, n = noise(20), noise(100)
    encoder = (784 * 2000 + 2000) + (2000 * 2000 + 2000) + 2000 * 20 + 2 * 20
    assert count(nets.encoder, x) == encoder
    assert count(nets.encoder, x, noise(6)) == encoder + 6 * 2000
    dense = 120 * 1024 + 2 * 1024 + 1024 * 6272 + 2 * 6272
    assert count(nets.decoder, z, n) == dense + 16 * 128 * 64 + 2 * 64 + 16 * 64 + 1
    maps = 16 * 64 + 2 * 64 + 16 * 64 * 128 + 2 * 128
    image = maps + 6272 * 1024 + 2 * 1024 + 1024 + 1
    assert count(nets.image_discriminator, x) == image
    dependent = (20 * 1000 + 1000) + (1000 * 196 + 196)
    assert count(nets.image_discriminator, x, z) == image + dependent
    invariant = networks("mnist", 20, "location_invariant")[0].image_discriminator
    assert count(invariant, x, z) == image + 20 * 64
    assert count(nets.code_discriminator, z) == (20 * 2000 + 2000) + (2000 * 2000 + 2000) + 2001


def test_svhn_parameters_counted_by_hand():
    nets, x = networks("svhn", 75)
    z, n = noise(75), noise(1000)
    kernels = 16 * (3 * 64 + 64 * 128 + 128 * 256)
    maps = kernels + 2 * (64 + 128 + 256)
    assert count(nets.encoder, x) == maps + 4096 * 75 + 2 * 75
    assert count(nets.encoder, x, noise(6)) == maps + 4096 * 75 + 2 * 75 + 6 * 64
    dense = 1075 * 4096 + 2 * 4096
    assert count(nets.decoder, z, n) == dense + kernels + 2 * (128 + 64) + 3
    dependent = (75 * 1000 + 1000) + (1000 * 256 + 256)
    assert count(nets.image_discriminator, x, z) == maps + 4096 + 1 + dependent


@pytest.mark.parametrize(
    ("name", "reach"), [("mnist", (0, 1)), ("svhn", (-1, 1)), ("celeba", (-1, 1))]
)
def test_images_stay_in_their_range_and_depend_on_both_codes(name, reach):
    nets, x = networks(name, 4, width=0.02)
    z, n = noise(4), noise(6)
    variables = init(nets.decoder, z, n)
    image, other_z, other_n = jax.jit(
        functools.partial(nets.decoder.apply, variables, train=False)
    )(z[np.array([0, 1, 0])], n[np.array([0, 0, 1])])
    assert image.shape == x.shape[1:]
    assert reach[0] <= image.min() < image.max() <= reach[1]
    assert image.min() < reach[0] + 0.2  # both ends of the range are used
    assert image.max() > reach[1] - 0.2
    assert np.abs(image - other_z).max() > 0.1
    assert np.abs(image - other_n).max() > 0.1


def adaptive_bias(conditioning):
    """What a code adds to the first convolution, before the discriminator's batch norm."""
    nets, x = networks("mnist", 3, conditioning, width=0.1)
    z = noise(3)
    discriminator = nets.image_discriminator
    variables = init(discriminator, x, z)

    @jax.jit
    def maps(x, z):
        seen = {}

        def record(next_fun, args, kwargs, context):
            output = next_fun(*args, **kwargs)
            seen.setdefault(context.module.name, (args, output))
            return output

        with nn.intercept_methods(record):
            discriminator.apply(variables, x, z, train=False)
        (_, convolved), ((normalised,), _) = seen["Conv_0"], seen["BatchNorm_0"]
        return normalised - convolved

    return maps(x, z), variables["params"], z


def test_a_location_dependent_bias_is_the_same_in_all_channels():
    bias, params, z = adaptive_bias("location_dependent")
    assert bias.shape == (2, 14, 14, 7)
    np.testing.assert_allclose(bias, np.tile(bias[..., :1], (1, 1, 1, 7)), atol=1e-5)
    first, second = (params[f"Dense_{i}"]["Dense_0"] for i in (0, 1))
    assert first["kernel"].shape == (3, 100)
    hidden = np.maximum(z @ first["kernel"], 0)  # biases are zero at the start
    by_hand = (hidden @ second["kernel"]).reshape(2, 14, 14)
    np.testing.assert_allclose(bias[..., 0], by_hand, atol=1e-5)
    assert np.std(bias[0, ..., 0]) > 0.01  # differs from place to place


def test_a_location_invariant_bias_is_the_same_in_all_places():
    bias, params, z = adaptive_bias("location_invariant")
    by_hand = z @ params["Dense_0"]["Dense_0"]["kernel"]
    np.testing.assert_allclose(
        bias, np.broadcast_to(np.asarray(by_hand)[:, None, None], bias.shape), atol=1e-5
    )
    assert np.std(by_hand[0]) > 0.01  # differs from channel to channel


@pytest.mark.parametrize("name", ["mnist", "svhn"])
def test_noise_of_the_encoder_is_more_than_added_to_the_code(name):
    nets, x = networks(name, 4, width=0.05)
    eps = noise(6)
    variables = init(nets.encoder, x, eps)
    encode = jax.jit(functools.partial(nets.encoder.apply, variables, train=False))
    change = encode(x, eps) - encode(x, jnp.zeros_like(eps))
    assert np.abs(change).min() > 0
    # The same noise moves the codes of two images differently.
    same = jnp.tile(eps[:1], (2, 1))
    moved = encode(x, same) - encode(x, jnp.zeros_like(eps))
    assert np.abs(moved[0] - moved[1]).max() > 0.1 * np.abs(moved).max()


def test_scaling_changes_inner_widths_only():
    nets, x = networks("celeba", 5, width=0.25)
    assert nets.encoder.maps == (32, 64, 128)
    assert nets.decoder.maps == (128, 64, 32)
    assert nets.image_discriminator.code_hidden == 250
    assert nets.code_discriminator.hidden == (500, 500)
    assert shape_of(nets.encoder, x) == (2, 5)
    assert shape_of(nets.decoder, noise(5)) == x.shape
    table = implicit.MNIST
    assert table.scaled(1.0) == table
    assert table.scaled(0.001).encoder_hidden == (2, 2)


def test_networks_for_points():
    nets = implicit.point_networks((2,), 7, (16, 12), 0.1)
    x, z, n = noise(2), noise(7), noise(10)
    assert shape_of(nets.encoder, x) == shape_of(nets.encoder, x, noise(3)) == (2, 7)
    assert shape_of(nets.decoder, z, n) == (2, 2)
    assert shape_of(nets.image_discriminator, x, z) == (2,)
    assert shape_of(nets.code_discriminator, z) == (2,)
    # Codes are normalised over the batch, whatever the weights.
    many = 5 + 2 * jax.random.normal(jax.random.key(3), (500, 2))
    variables = init(nets.encoder, many)
    code, _ = nets.encoder.apply(variables, many, train=True, mutable=["batch_stats"])
    scale = variables["params"]["BatchNorm_0"]["BatchNorm_0"]["scale"]
    np.testing.assert_allclose(code.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(code.std(axis=0), scale, rtol=1e-2)

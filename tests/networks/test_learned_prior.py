"""The tables of the learned prior: sizes of maps, parameter counts, blocks and heads by hand."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.networks import learned_prior as networks
from aae_jax.networks.convolution import conv2d

CODE, NOISE, K = 64, 54, 10
IMAGE = (32, 32, 3)


def make(width=1.0, guesses=K):
    return networks.networks(3, CODE, NOISE + K, guesses, width=width)


def shapes(network, *inputs):
    """Shapes of a network's output and parameters, without computing anything."""
    specs = [jax.ShapeDtypeStruct((2, *shape), jnp.float32) for shape in inputs]
    return jax.eval_shape(
        lambda *inputs: network.init_with_output(jax.random.key(0), *inputs, train=False), *specs
    )


def count(network, *inputs):
    return sum(leaf.size for leaf in jax.tree.leaves(shapes(network, *inputs)[1]["params"]))


@pytest.mark.parametrize("width", [1.0, 0.02])
def test_sizes_agree_from_network_to_network(width):
    nets = make(width)
    assert shapes(nets.make_encoder(output=(CODE,)), IMAGE)[0].shape == (2, CODE)
    assert shapes(nets.make_encoder(output=(2, CODE)), IMAGE)[0].shape == (2, 2, CODE)
    assert shapes(nets.decoder, (CODE,))[0].shape == (2, *IMAGE)
    assert shapes(nets.code_generator, (K,), (NOISE,))[0].shape == (2, CODE)
    for condition in ((), ((K,),)):
        assert shapes(nets.code_discriminator, (CODE,), *condition)[0].shape == (2,)
        judgement, _ = shapes(nets.image_discriminator, IMAGE, *condition)
        assert judgement.logits.shape == (2,)
        assert judgement.features.shape == (2, 4, 4, 256 if width == 1 else 6)
        assert judgement.guess.shape == (2, K)
    assert shapes(make(width, guesses=0).image_discriminator, IMAGE)[0].guess is None


def test_width_scales_all_but_inputs_and_outputs():
    nets = make(0.02)
    assert count(nets.image_discriminator, IMAGE) < 5_000
    assert count(nets.code_discriminator, (CODE,)) == (64 * 20 + 20) + (20 * 10 + 10) + 44 + 5


def block(a, b, window=3):
    """Parameters of a residual block with a convolution in its skip."""
    return (window**2 * a * b + b) + (9 * b * b + b) + a * b


def test_encoder_parameters_counted_by_hand():
    trunk = (9 * 3 * 64 + 64) + 2 * (9 * 64 * 64 + 64)
    trunk += block(64, 128) + block(128, 256) + block(256, 512)
    hidden = 512 * 128 + 2 * 128
    nets = make()
    assert count(nets.make_encoder(output=(CODE,)), IMAGE) == trunk + hidden + (128 * 64 + 64)
    assert count(nets.make_encoder(output=(2, CODE)), IMAGE) == trunk + hidden + (128 + 1) * 128


def test_decoder_parameters_counted_by_hand():
    first = 16 * 64 * 512 + 2 * 512
    blocks = sum(block(a, b, window=4) for a, b in [(512, 256), (256, 128), (128, 64)])
    assert count(make().decoder, (CODE,)) == first + blocks + (9 * 64 * 3 + 3)


def test_code_generator_parameters_counted_by_hand():
    assert count(make().code_generator, (K,), (NOISE,)) == (64 * 128 + 2 * 128) + (
        128 * 64 + 2 * 64
    )


def test_discriminator_parameters_counted_by_hand():
    trunk = (16 * 3 * 64 + 64) + (16 * 64 * 128 + 2 * 128) + (16 * 128 * 256 + 2 * 256)
    trunk += 4096 * 1000 + 1000
    heads = {"d": 1001, "q": 1000 * K + K, "label": K * 1000}
    assert count(make(guesses=0).image_discriminator, IMAGE) == trunk + heads["d"]
    nets = make()
    assert count(nets.image_discriminator, IMAGE) == trunk + heads["d"] + heads["q"]
    assert count(nets.image_discriminator, IMAGE, (K,)) == trunk + sum(heads.values())
    code = (64 * 1000 + 1000) + (1000 * 500 + 500) + (500 * 200 + 200) + 201
    assert count(nets.code_discriminator, (CODE,)) == code


def initialised(network, *shapes):
    """Normal inputs, a network's variables, and what it makes of the inputs."""
    inputs = [jax.random.normal(jax.random.key(1), shape) for shape in shapes]
    return inputs, *jax.jit(functools.partial(network.init_with_output, jax.random.key(0)))(*inputs)


def test_a_residual_block_by_hand():
    """ReLU of input + residual, a ReLU's too, the input untouched where it fits."""
    block = networks.Residual(4)
    (x,), y, variables = initialised(block, (2, 6, 6, 4))
    params = variables["params"]
    assert set(params) == {"Conv_0", "Conv_1"}
    h = conv2d(jax.nn.relu(conv2d(x, params["Conv_0"]["kernel"])), params["Conv_1"]["kernel"])
    np.testing.assert_allclose(y, jax.nn.relu(x + jax.nn.relu(h)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("block", "skip", "last", "places"),
    [
        (networks.Residual(3, 2), "Conv_2", "Conv_1", [0, 2, 4]),
        (networks.UpResidual(3), "Conv_1", "Conv_0", [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
    ],
)
def test_skips_that_change_the_size_by_hand(block, skip, last, places):
    (x,), y, variables = initialised(block, (2, 6, 6, 4))
    kernel = variables["params"][skip]["kernel"]
    assert kernel.shape == (1, 1, 4, 3)
    assert y.shape == (2, len(places), len(places), 3)
    silent = jax.tree.map(jnp.zeros_like, variables["params"][last])
    alone = block.apply({"params": {**variables["params"], last: silent}}, x)
    expected = np.maximum(np.einsum("bhwc,cd->bhwd", x, kernel[0, 0]), 0)[:, places][:, :, places]
    np.testing.assert_allclose(alone, expected, rtol=1e-4, atol=1e-5)
    assert np.abs(y - alone).max() > 0.1


def test_the_encoder_averages_the_whole_of_its_last_maps():
    """Table 2 pools 4x4 where the strides leave 2x2."""
    encoder = make(0.02).make_encoder(output=(CODE,))
    x = jnp.zeros((1, *IMAGE))
    _, kept = jax.eval_shape(
        lambda x: encoder.apply(
            encoder.init(jax.random.key(0), x, train=False),
            x,
            train=False,
            capture_intermediates=lambda module, _: isinstance(module, networks.Residual),
            mutable=["intermediates"],
        ),
        x,
    )
    maps = [kept["intermediates"][f"Residual_{i}"]["__call__"][0].shape[1:] for i in range(4)]
    assert maps == [(16, 16, 2), (8, 8, 3), (4, 4, 6), (2, 2, 11)]


@pytest.mark.parametrize("block", [networks.Residual(32, 2), networks.UpResidual(8)])
def test_signals_keep_their_size(block):
    """Without batch norm in the blocks, the initial weights must see to it."""
    _, y, _ = initialised(block, (4, 16, 16, 16))
    # Of a standard normal signal the skip makes a variance of 1 and the residual, rectified, a mean
    # square of 1/2; the last ReLU takes some of the sum.
    assert 0.5 < float(jnp.mean(y**2)) < 1.5


def test_a_label_adds_weights_of_its_own_to_the_logit_and_nothing_to_q():
    network = make(0.02).image_discriminator
    x = jax.random.normal(jax.random.key(1), (4, *IMAGE))
    s = jnp.eye(K)[jnp.array([0, 3, 3, 9])]

    @jax.jit
    def judge():
        with_s, variables = network.init_with_output(jax.random.key(0), x, s, train=False)
        return variables, with_s, network.apply(variables, x, train=False)

    variables, with_s, without = judge()
    np.testing.assert_array_equal(with_s.guess, without.guess)
    np.testing.assert_array_equal(with_s.features, without.features)
    dense = [variables["params"][f"Dense_{i}"]["Dense_0"] for i in range(4)]
    flat = with_s.features.reshape(4, -1)
    h = flat @ dense[0]["kernel"] + jnp.broadcast_to(dense[0]["bias"], (4, 20))
    h = jnp.where(h > 0, h, 0.2 * h)
    own = (h * (s @ dense[3]["kernel"])).sum(axis=1)
    assert np.abs(own).min() > 1e-4
    np.testing.assert_allclose(without.logits, (h @ dense[1]["kernel"])[:, 0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(with_s.logits, without.logits + own, rtol=1e-4, atol=1e-5)

"""The mixture model's tables: sizes of maps, parameter counts, who reads whom."""

import functools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.networks import amm, amm_tables
from aae_jax.networks.dropout import Dropout


def inputs(size, channels, k, d, n=2):
    keys = jax.random.split(jax.random.key(0), 2)
    x = jax.random.uniform(keys[0], (n, size, size, channels))
    return x, jnp.eye(k)[:n], jax.random.normal(keys[1], (n, d))


@pytest.fixture(params=sorted(amm_tables.TABLES))
def table(request):
    make, size = amm_tables.TABLES[request.param]
    channels = 3 if request.param == "amm_svhn" else 1
    return make(4, 6, "z", channels), inputs(size, channels, 4, 6)


def init(network, *inputs):
    return jax.jit(lambda: network.init(jax.random.key(0), *inputs, train=False))()


def test_shapes_agree_from_network_to_network(table):
    nets, (x, y, z) = table
    shapes = jax.eval_shape(
        lambda: nets.encoder.init_with_output(jax.random.key(0), x, train=False)[0]
    )
    assert [s.shape for s in shapes] == [(2, 4), (2, 4), (2, 6), (2, 6)]
    mean, logvar = jax.eval_shape(
        lambda: nets.prior.init_with_output(jax.random.key(0), y, train=False)[0]
    )
    assert mean.shape == logvar.shape == (2, 6)
    image = jax.eval_shape(
        lambda: nets.decoder.init_with_output(jax.random.key(0), y, z, train=False)[0]
    )
    assert image.shape == x.shape
    logits = jax.eval_shape(
        lambda: nets.discriminator.init_with_output(jax.random.key(0), x, y, z, train=False)[0]
    )
    assert logits.shape == (2,)


def test_mnist_parameters_counted_by_hand():
    nets = amm_tables.amm_mnist(10, 64, "z", 1)
    x, y, z = inputs(28, 1, 10, 64)

    def count(network, *inputs):
        params = jax.eval_shape(lambda: network.init(jax.random.key(0), *inputs, train=False))
        return sum(leaf.size for leaf in jax.tree.leaves(params["params"]))

    kernels = 4 * 32 + 9 * 32 * 32 + 9 * 32 * 64 + 9 * 64 * 64 + 16 * 64 * 128
    channels = 32 + 32 + 64 + 64 + 128
    heads = 2 * (128 * 10 + 10) + 2 * (128 * 64 + 64)
    assert count(nets.encoder, x) == 2 * kernels + 2 * 2 * channels + heads
    dense = (10 * 64 + 64) + (64 * 64 + 64) + (64 * 64 + 64) + (64 * 64 + 64)
    joint = (256 * 256 + 256) * 2 + 256 + 1
    assert count(nets.discriminator, x, y, z) == kernels + channels + dense + joint
    assert count(nets.prior, y) == 10 * 64 + 64 * 64 + 2 * 2 * 64 + 64 * 64 + 64


@pytest.mark.parametrize(("leader", "moved"), [("z", "z"), ("y", "y")])
def test_only_the_leader_is_read_by_the_other_branch(leader, moved):
    """A change of the leader reaches both branches, one of the follower only itself."""
    nets = amm_tables.amm_digits(4, 6, leader, 1)
    x, _, _ = inputs(16, 1, 4, 6)
    variables = init(nets.encoder, x)
    apply = jax.jit(functools.partial(nets.encoder.apply, x=x, train=False))
    before = apply(variables)

    def touched(kernel):
        params = dict(variables["params"])
        params[kernel] = jax.tree.map(lambda a: a + 0.1, params[kernel])
        after = apply({**variables, "params": params})
        return {
            "y": not np.array_equal(after.y_mean, before.y_mean),
            "z": not np.array_equal(after.z_mean, before.z_mean),
        }

    follower = {"y": "z", "z": "y"}[moved]
    assert touched("Conv_0") == {"y": True, "z": True}  # the leader's first convolution
    assert touched("Conv_1") == {follower: True, moved: False}


def test_neither_branch_reads_the_other():
    nets = amm_tables.amm_digits(4, 6, "", 1)
    x, _, _ = inputs(16, 1, 4, 6)
    variables = init(nets.encoder, x)
    apply = jax.jit(functools.partial(nets.encoder.apply, x=x, train=False))
    before = apply(variables)
    for kernel, still, moved in (("Conv_0", "y_mean", "z_mean"), ("Conv_1", "z_mean", "y_mean")):
        params = dict(variables["params"])
        params[kernel] = jax.tree.map(lambda a: a + 0.1, params[kernel])
        after = apply({**variables, "params": params})
        np.testing.assert_array_equal(getattr(after, still), getattr(before, still))
        assert not np.array_equal(getattr(after, moved), getattr(before, moved))


@pytest.mark.parametrize("leader", ["y", "z"])
def test_a_given_y_takes_the_place_of_ys_features(leader):
    nets = amm_tables.amm_digits(4, 6, leader, 1)
    x, y, _ = inputs(16, 1, 4, 6)
    variables = init(nets.encoder, x)
    reader = amm.LabelReader(tuple(stage.features for stage in nets.encoder.stages))
    given = reader.apply(init(reader, y), y, train=False)
    assert [part.shape for part in given] == [(2, 32), (2, 64), (2, 128)]
    encode = jax.jit(functools.partial(nets.encoder.apply, variables, train=False))
    q, inferred = encode(x, *given), encode(x)
    assert q.y_mean is None
    assert q.y_logvar is None
    assert q.z_mean.shape == (2, 6)
    assert not np.array_equal(q.z_mean, encode(x, *(part[::-1] for part in given)).z_mean)
    # Where z leads, it reads nothing of y's branch, so a y that says nothing leaves it as it is.
    silent = encode(x, *(jnp.zeros_like(part) for part in given))
    assert np.allclose(silent.z_mean, inferred.z_mean, atol=1e-7) == (leader == "z")
    # Without y's branch there are its parameters no more.
    alone = jax.eval_shape(lambda: nets.encoder.init(jax.random.key(0), x, *given, train=False))
    kept = {"y": {"Conv_1", "Conv_3", "Conv_5"}, "z": {"Conv_0", "Conv_2", "Conv_4"}}[leader]
    assert {name for name in alone["params"] if name.startswith("Conv")} == kept
    assert {name for name in alone["params"] if name.startswith("Dense")} == {"Dense_2", "Dense_3"}


def test_unit_variance_on_mnist_and_learned_variance_on_svhn():
    y = jnp.eye(4)
    for name, is_unit in (("amm_mnist", True), ("amm_svhn", False)):
        prior = amm_tables.TABLES[name][0](4, 6, "z", 1).prior
        variables = init(prior, y)
        _, logvar = prior.apply(variables, y, train=False)
        assert np.array_equal(logvar, np.zeros((4, 6))) == is_unit


def test_images_stay_in_the_unit_interval_and_depend_on_both_codes():
    nets = amm_tables.amm_digits(4, 6, "z", 1)
    _, y, z = inputs(16, 1, 4, 6)
    variables = init(nets.decoder, y, z)
    decode = jax.jit(functools.partial(nets.decoder.apply, variables, train=False))
    x = decode(y, z)
    assert np.all((x >= 0) & (x <= 1))
    assert not np.array_equal(decode(y[::-1], z), x)
    assert not np.array_equal(decode(y, z[::-1]), x)


def test_discriminator_treats_examples_independently():
    """The gradient penalty differentiates a sum of logits, which batch norm would couple."""
    nets = amm_tables.amm_digits(4, 6, "z", 1)
    x, y, z = inputs(16, 1, 4, 6)
    variables = init(nets.discriminator, x, y, z)
    discriminate = functools.partial(nets.discriminator.apply, variables, y=y, z=z, train=False)
    gradient = jax.jit(jax.jacobian(discriminate))(x)
    assert np.abs(gradient[0, 0]).max() > 0
    np.testing.assert_array_equal(gradient[0, 1], 0.0)


@pytest.mark.parametrize(
    ("name", "size"), [(n, size) for n, (_, size) in amm_tables.TABLES.items()]
)
def test_the_discriminator_sees_images_from_he_s_weights_and_not_from_the_paper_s(name, size):
    """Another image against another z, by how much each changes the logit at the start."""
    make, _ = amm_tables.TABLES[name]
    channels = 3 if name == "amm_svhn" else 1
    nets = amm_tables.scale(make(4, 16, "z", channels), 0.25)
    x, y, z = inputs(size, channels, 4, 16, n=16)
    x, y = x * jnp.linspace(0.0, 1.0, 16)[:, None, None, None], jnp.tile(y[:1], (16, 1))
    discriminate = jax.jit(functools.partial(nets.discriminator.apply, train=False))

    def sight(initial):
        variables = init(nets.discriminator.clone(initial=initial), x, y, z)
        logit = discriminate(variables, x, y, z)
        another_x = discriminate(variables, jnp.roll(x, 8, axis=0), y, z)
        another_z = discriminate(variables, x, y, jnp.roll(z, 8, axis=0))
        return jnp.std(another_x - logit) / jnp.std(another_z - logit)

    assert sight("he") > 0.1
    if name != "amm_digits":  # the paper's tables; in this shallower network D sees either weakly
        assert sight("normal") < 0.01


def test_scaling_changes_inner_widths_only():
    nets = amm_tables.scale(amm_tables.amm_svhn(4, 6, "z", 3), 0.25)
    x, y, z = inputs(32, 3, 4, 6)
    q, params = jax.eval_shape(
        lambda: nets.encoder.init_with_output(jax.random.key(0), x, train=False)
    )
    assert [s.shape for s in q] == [(2, 4), (2, 4), (2, 6), (2, 6)]
    assert params["params"]["Conv_0"]["kernel"].shape == (3, 3, 3, 24)
    image, params = jax.eval_shape(
        lambda: nets.decoder.init_with_output(jax.random.key(0), y, z, train=False)
    )
    assert image.shape == x.shape
    assert params["params"]["UpConv_0"]["kernel"].shape == (4, 4, 128, 64)
    assert amm_tables.scale(amm_tables.amm_mnist(4, 6, "z", 1), 1.0) == amm_tables.amm_mnist(
        4, 6, "z", 1
    )


def dropout_rates(network, *shapes):
    """Rates of the dropouts that a network calls."""
    seen = set()

    def record(next_fun, args, kwargs, context):
        if isinstance(context.module, Dropout):
            seen.add(context.module.rate)
        return next_fun(*args, **kwargs)

    keys = {"params": jax.random.key(0), "dropout": jax.random.key(1)}
    inputs = (jax.ShapeDtypeStruct((2, *shape), jnp.float32) for shape in shapes)
    with nn.intercept_methods(record):
        jax.eval_shape(lambda *inputs: network.init(keys, *inputs, train=True), *inputs)
    return seen


def test_dropout_of_the_mnist_tables():
    networks = amm_tables.TABLES["amm_mnist"][0](4, 6, "z", 1)
    x, y, z = (28, 28, 1), (4,), (6,)
    assert dropout_rates(networks.encoder, x) == {0.2}
    assert dropout_rates(networks.prior, y) == {0.0, 0.2}
    assert dropout_rates(networks.decoder, y, z) == {0.2}
    assert dropout_rates(networks.discriminator, x, y, z) == {0.0, 0.2}

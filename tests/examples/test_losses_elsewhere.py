"""The losses in projects of plain JAX and of Flax NNX: the same values, and both of them learn."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

from aae_jax import losses
from tests.examples import flax_nnx, plain_jax

WIDTHS = {"encoder": (4, 4), "decoder": (2, 4), "critic": (4, 1), "code_critic": (2, 1)}
B, RATE = 64, 0.05


def batch(step):
    """Points on a plane in four dimensions, and the draws of one step."""
    keys = jax.random.split(jax.random.key(step), 4)
    plane = jax.random.normal(jax.random.key(99), (2, 4))
    x = jax.random.normal(keys[0], (B, 2)) @ plane
    noise, z_p = (jax.random.normal(key, (B, 2)) for key in keys[1:3])
    return x, noise, z_p, jax.random.uniform(keys[3], (B,))


def modules():
    rngs = nnx.Rngs(0)
    return [flax_nnx.Network(*widths, rngs) for widths in WIDTHS.values()]


def weights(networks):
    """The same networks for the plain example."""
    layers = [[network.first.kernel[...], network.last.kernel[...]] for network in networks]
    return dict(zip(WIDTHS, layers, strict=True))


def posterior(encode, decode):
    """-log q(z|x) of codes and what is made of them: what both examples should make small."""
    z_p = batch(0)[2]
    return float(losses.gaussian_nll(z_p, *jnp.split(encode(decode(z_p)), 2, axis=1)).mean())


def test_both_give_the_same_losses():
    networks = modules()
    plain = plain_jax.player_losses(weights(networks), *batch(1))
    other = flax_nnx.player_losses(*networks, *batch(1))
    np.testing.assert_allclose(list(plain.values()), other, rtol=1e-5)


def test_plain_jax_learns():
    players = weights(modules())

    def measure():
        return posterior(
            *(lambda a, k=k: plain_jax.network(players[k], a) for k in ("encoder", "decoder"))
        )

    before = measure()
    for step in range(300):
        players = plain_jax.step(players, RATE, *batch(step))
    assert measure() < before - 0.5


def test_flax_nnx_learns():
    networks = modules()
    before = posterior(*networks[:2])
    optimizers = [nnx.Optimizer(network, optax.sgd(RATE), wrt=nnx.Param) for network in networks]
    for step in range(300):
        flax_nnx.step(networks, optimizers, *batch(step))
    assert posterior(*networks[:2]) < before - 0.5


@pytest.mark.parametrize("module", [plain_jax, flax_nnx])
def test_an_example_is_short(module):
    assert len(Path(module.__file__).read_text().splitlines()) < 40

"""The plain GAN: its losses under each value function, drawing from it, bad options."""

import functools

import jax
import numpy as np
import pytest

from aae_jax import priors
from aae_jax.errors import UserError
from aae_jax.methods import gan
from tests.configs import test_config
from tests.methods.tools import infer, losses_on_devices, moved_players, play_phase, start

POINTS = (2,)


def config(**game):
    config = test_config("gan_ring")
    for field, value in game.items():
        config.game[field] = value
    return config


@functools.cache
def started(value="non_saturating"):
    game = gan.build(config(value=value), POINTS, steps_per_epoch=1)
    return game, start(game)


def batch():
    return {"x": jax.random.normal(jax.random.key(1), (6, *POINTS))}


@pytest.mark.parametrize(
    ("value", "discriminator", "generator"),
    [
        (
            "non_saturating",
            lambda r, f: np.mean(np.log1p(np.exp(-r)) + np.log1p(np.exp(f))),
            lambda f: np.mean(np.log1p(np.exp(-f))),
        ),
        (
            "fgan_kl",
            lambda r, f: np.mean(np.exp(f - 1) - r),
            lambda f: np.mean(-np.exp(f - 1)),
        ),
        (
            "least_squares",
            lambda r, f: np.mean((r - 1) ** 2 + f**2) / 2,
            lambda f: np.mean((f - 1) ** 2) / 2,
        ),
    ],
)
def test_losses_are_those_of_the_value_function(value, discriminator, generator):
    game, state = started(value)
    losses, metrics, uses = play_phase(game, state, "gan", batch())
    ((_, made),) = uses["generator"]
    logits = {np.asarray(inputs[0]).tobytes(): out for inputs, out in uses["discriminator"]}
    real, fake = (logits[np.asarray(x).tobytes()] for x in (batch()["x"], made))
    assert len(logits) == 2
    np.testing.assert_allclose(losses["discriminator"], discriminator(real, fake), rtol=1e-5)
    np.testing.assert_allclose(losses["generator"], generator(fake), rtol=1e-5)
    np.testing.assert_allclose(metrics["logit_real"], real.mean(), rtol=1e-5)
    np.testing.assert_allclose(metrics["logit_fake"], fake.mean(), rtol=1e-5)


def test_both_players_move():
    game, state = started()
    assert moved_players(game, state, "gan", batch()) == {"generator", "discriminator"}


def test_two_devices_play_the_game_of_one():
    game, state = started()
    one, two = (losses_on_devices(game, state, batch(), devices) for devices in (1, 2))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), one, two)


def test_samples_of_a_component():
    """A one-hot z and a noise of its own; nothing infers codes."""
    game, state = started()
    assert set(game.inference) == {"decode", "prior"}
    assert game.components == 7
    code = infer(game, state, "prior", np.array([4, 0, 6], np.int32))
    np.testing.assert_array_equal(code["z"], np.eye(7)[[4, 0, 6]])
    assert code["n"].shape == (3, 10)
    assert infer(game, state, "decode", code).shape == (3, *POINTS)
    any_n = infer(game, state, "prior", np.full(3000, -1, np.int32))
    np.testing.assert_allclose(any_n["z"].mean(axis=0), 1 / 7, atol=0.03)
    np.testing.assert_allclose(any_n["n"].std(axis=0), 1.0, rtol=0.06)


def test_noise_of_one_kind():
    game = gan.build(config(prior=priors.gaussian(5), local_code=0), POINTS, 1)
    assert set(infer(game, start(game), "prior", np.array([-1], np.int32))) == {"z"}
    assert game.components == 0


def test_how_a_discriminator_of_pairs_reads_codes_is_no_field_of_a_gan():
    config = test_config("gan_mnist")
    config.network.conditioning = "location_invariant"
    with pytest.raises(UserError, match="config.network has an unknown field conditioning"):
        gan.build(config, (28, 28, 1), 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "jensen"}, "game.value is 'jensen': choose one of non_saturating, m"),
        ({"local_code": -1}, "game.local_code is -1: it must be at least 0"),
        ({"prior": priors.categorical(1)}, "game.prior.components is 1: it must be at least 2"),
    ],
)
def test_impossible_options(change, message):
    with pytest.raises(UserError, match=message):
        gan.build(config(**change), POINTS, 1)

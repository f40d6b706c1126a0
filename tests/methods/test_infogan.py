"""InfoGAN: its losses by hand, both kinds of codes, what trains on what, bad options."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import priors
from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import infogan
from aae_jax.step import differentiate
from tests.configs import test_config
from tests.methods.tools import infer, losses_on_devices, moved_players, play_phase, start

POINTS = (4,)
PRIORS = {"gaussian": priors.gaussian(3), "categorical": priors.categorical(3)}


def config(kind="gaussian", **game):
    config = test_config("infogan_four_points")
    config.game.prior = PRIORS[kind]
    config.game.local_code, config.game.information = 2, 0.5
    for field, value in game.items():
        config.game[field] = value  # whole: an update would mix the fields of two priors
    return config


@functools.cache
def started(kind="gaussian"):
    """A game of points, and its initial state."""
    game = infogan.build(config(kind), POINTS, steps_per_epoch=1)
    return game, start(game)


def batch(n=6):
    return {"x": jax.random.normal(jax.random.key(1), (n, *POINTS))}


def test_all_players_move():
    game, state = started()
    players = {"generator", "discriminator", "recognition"}
    assert moved_players(game, state, "infogan", batch()) == players


@pytest.mark.parametrize("kind", PRIORS)
def test_losses_are_a_gan_and_the_likelihood_of_the_code(kind):
    game, state = started(kind)
    losses, metrics, uses = play_phase(game, state, "infogan", batch())
    (((z, n), made),) = uses["generator"]
    assert (z.shape, n.shape) == ((6, 3), (6, 2))
    (((seen,), h),) = uses["recognition"]  # synthetic points only
    np.testing.assert_array_equal(seen, made)
    if kind == "gaussian":  # a mean and a standard deviation in each dimension
        mean, std = h[:, :3], np.exp(h[:, 3:])
        density = np.exp(-0.5 * ((z - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))
        nll = -np.log(density).sum(axis=1).mean()
    else:
        nll = -np.log((jax.nn.softmax(h) * z).sum(axis=1)).mean()
    np.testing.assert_allclose(metrics["code_nll"], nll, rtol=1e-5)

    logits = {np.asarray(inputs[0]).tobytes(): out for inputs, out in uses["discriminator"]}
    real, fake = (jax.nn.sigmoid(logits[np.asarray(x).tobytes()]) for x in (batch()["x"], made))
    expected = {
        "discriminator": -np.log(real).mean() - np.log(1 - fake).mean(),
        "generator": -np.log(fake).mean() + 0.5 * nll,
        "recognition": 0.5 * nll,
    }
    assert set(losses) == set(expected)
    for player, loss in expected.items():
        np.testing.assert_allclose(losses[player], loss, rtol=1e-5)


def test_the_information_reaches_the_generator_but_not_the_discriminator():
    game, state = started()
    *_, uses = play_phase(game, state, "infogan", batch())
    (z, n), x = uses["generator"][0][0], batch()["x"]

    def by_hand(information):
        def loss(own, player):
            params = {**state.params, player: own}
            play = Play(game.players, params, state.batch_stats, jax.random.key(0), train=True)
            made = play("generator", z, n)
            fake = play("discriminator", made)
            if player == "discriminator":
                real = play("discriminator", x)
                return jax.nn.softplus(-real).mean() + jax.nn.softplus(fake).mean()
            mean, log_std = jnp.split(play("recognition", made), 2, axis=1)
            terms = ((z - mean) / jnp.exp(log_std)) ** 2 / 2 + log_std
            return jax.nn.softplus(-fake).mean() + information * terms.sum(axis=1).mean()

        return {
            player: jax.jit(jax.grad(functools.partial(loss, player=player)))(own)
            for player, own in state.params.items()
        }

    (phase,) = game.phases
    found = jax.jit(
        lambda key: (differentiate(game, phase, state.params, state.batch_stats, batch(), key)[0],)
    )(jax.random.key(2))[0]

    def distance(a, b):
        pairs = zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)
        squares = [float(jnp.sum((p - q) ** 2)) for p, q in pairs]
        return np.sqrt(sum(squares))

    right, without = by_hand(0.5), by_hand(0.0)
    for player, grads in found.items():
        size = distance(right[player], jax.tree.map(jnp.zeros_like, right[player]))
        assert distance(grads, right[player]) < 1e-4 * size, player
        if player != "discriminator":
            assert distance(grads, without[player]) > 0.01 * size, player


def test_a_gaussian_posterior_scatters_as_its_moments_say():
    game, state = started()
    x = jnp.broadcast_to(batch()["x"][:1], (4000, *POINTS))
    play = Play(game.players, state.params, state.batch_stats, train=False)
    mean, log_std = np.split(play("recognition", x[:1])[0], 2)
    z = infer(game, state, "posterior", x)["z"]
    std = np.exp(log_std)
    np.testing.assert_allclose((z.mean(axis=0) - mean) / std, 0, atol=4 / np.sqrt(4000))
    np.testing.assert_allclose(z.std(axis=0), std, rtol=0.05)
    centre = infer(game, state, "encode", x[:1])
    np.testing.assert_allclose(centre["z"][0], mean, rtol=1e-5)
    np.testing.assert_array_equal(centre["n"], 0.0)
    assert "predict" not in game.inference


def test_a_categorical_posterior_draws_clusters_as_often_as_it_says():
    game, state = started("categorical")
    x = jnp.broadcast_to(batch()["x"][:1], (4000, *POINTS))
    p = infer(game, state, "predict", x[:1])[0]
    np.testing.assert_allclose(p.sum(), 1.0, rtol=1e-5)
    np.testing.assert_array_equal(infer(game, state, "encode", x[:1])["z"][0], p)
    z = infer(game, state, "posterior", x)["z"]
    assert set(np.unique(z)) == {0.0, 1.0}
    np.testing.assert_array_equal(z.sum(axis=1), 1.0)
    np.testing.assert_allclose(z.mean(axis=0), p, atol=0.04)
    assert game.components == 3


@pytest.mark.slow  # what the games of a family share is tested with another of them
def test_two_devices_play_the_game_of_one():
    """Draws belong to examples, and the last layer of recognition normalises over all of them."""
    game, state = started()
    one, two = (losses_on_devices(game, state, batch(), devices) for devices in (1, 2))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), one, two)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"information": 0.0}, "game.information is 0.0: it must be positive; for a GAN without"),
        ({"information": -1.0}, "game.information is -1.0: it must be positive"),
        ({"local_code": -1}, "game.local_code is -1: it must be at least 0"),
        ({"prior": priors.gaussian(0)}, "game.prior.dim is 0: it must be at least 1"),
    ],
)
def test_impossible_options(change, message):
    with pytest.raises(UserError, match=message):
        infogan.build(config(**change), POINTS, 1)

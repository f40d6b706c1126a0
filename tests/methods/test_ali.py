"""ALI, ALICE and VEEGAN: their losses by hand, who moves, bad options."""

import functools

import jax
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import ali, veegan
from tests.configs import test_config
from tests.methods.tools import infer, losses_on_devices, moved_players, play_phase, start

POINTS = (3,)
METHODS = {"ali_grid": ali, "alice_grid": ali, "veegan_grid": veegan}


def config(name, **game):
    config = test_config(name)
    config.network.hidden = (8,)
    config.game.noise = config.game.code_noise = 0.0
    config.game.update(game)
    return config


@functools.cache
def started(name, **game):
    built = METHODS[name].build(config(name, **game), POINTS, steps_per_epoch=1)
    return built, start(built)


def batch(n=6):
    return {"x": jax.random.normal(jax.random.key(1), (n, *POINTS))}


@pytest.mark.parametrize("name", METHODS)
def test_all_players_move(name):
    game, state = started(name)
    (phase,) = game.phases
    players = {"encoder", "generator", "discriminator"}
    assert moved_players(game, state, phase.name, batch()) == players


def check(losses, expected):
    assert set(losses) == set(expected)
    for player, loss in expected.items():
        np.testing.assert_allclose(losses[player], loss, rtol=1e-5)


@pytest.mark.parametrize(("cycle", "norm"), [(0.0, "l2"), (0.7, "l2"), (0.7, "l1")])
def test_ali_and_alice_by_hand(cycle, norm):
    game, state = started("ali_grid", cycle=cycle, norm=norm)
    losses, _, uses = play_phase(game, state, "ali", batch())
    x = np.asarray(batch()["x"])
    ((_, q),) = uses["encoder"]
    ((x_q, z_q), rho_q), ((x_p, z_p), rho_p) = uses["discriminator"]
    np.testing.assert_array_equal(x_q, x)
    noise = (z_q - q[:, 0]) / np.exp(q[:, 1] / 2)  # a draw, not the mean
    assert 0.3 < np.std(noise) < 3
    (z, made), *again = uses["generator"]
    np.testing.assert_array_equal(z[0], z_p)
    np.testing.assert_array_equal(made, x_p)
    error = 0.0
    if cycle:
        ((z,), x_hat) = again[0]
        np.testing.assert_array_equal(z, z_q)
        power = {"l1": np.abs, "l2": np.square}[norm]
        error = power(x - x_hat).sum(axis=1).mean()
    rho_q, rho_p = jax.nn.sigmoid(rho_q.logits), jax.nn.sigmoid(rho_p.logits)
    check(
        losses,
        {
            "discriminator": -np.log(rho_q).mean() - np.log(1 - rho_p).mean(),
            "generator": -np.log(rho_p).mean() + cycle * error,
            "encoder": -np.log(1 - rho_q).mean() + cycle * error,
        },
    )


def test_veegan_by_hand():
    game, state = started("veegan_grid")
    losses, _, uses = play_phase(game, state, "veegan", batch())
    (((z,), made),) = uses["generator"]
    pairs = {np.asarray(x).tobytes(): np.asarray(r[:, 0]) for (x,), r in uses["encoder"]}
    ((x_q, z_q), real), ((x_p, z_p), fake) = uses["discriminator"]
    np.testing.assert_array_equal(z_q, pairs[np.asarray(x_q).tobytes()])
    np.testing.assert_array_equal(x_q, batch()["x"])
    np.testing.assert_array_equal(x_p, made)
    np.testing.assert_array_equal(z_p, z)
    error = ((z - pairs[np.asarray(made).tobytes()]) ** 2).sum(axis=1).mean()
    d_real, d_fake = jax.nn.sigmoid(real.logits), jax.nn.sigmoid(fake.logits)
    check(
        losses,
        {
            "discriminator": -np.log(d_real).mean() - np.log(1 - d_fake).mean(),
            "generator": -fake.logits.mean() + error,
            "encoder": error,
        },
    )
    assert "posterior" not in game.inference  # R(x) is no distribution


def test_ali_infers_the_mean_and_draws_around_it():
    game, state = started("ali_grid")
    x = np.broadcast_to(batch()["x"][:1], (4000, *POINTS))
    play = Play(game.players, state.params, state.batch_stats, train=False)
    q = play("encoder", x[:1])
    np.testing.assert_allclose(infer(game, state, "encode", x)["z"][:1], q[:, 0], rtol=1e-5)
    z = infer(game, state, "posterior", x)["z"]
    np.testing.assert_allclose(z.std(axis=0), np.exp(q[0, 1] / 2), rtol=0.08)


@pytest.mark.parametrize("name", METHODS)
def test_devices_share_a_batch(name):
    game, state = started(name)
    one, eight = (losses_on_devices(game, state, batch(8), n) for n in (1, 8))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), one, eight)


@pytest.mark.parametrize(
    ("game", "message"),
    [
        ({"cycle": -1.0}, "game.cycle is -1.0: it must be at least 0"),
        ({"norm": "l3"}, "game.norm is 'l3': choose one of l1, l2"),
    ],
)
def test_impossible_options_are_named(game, message):
    with pytest.raises(UserError, match=message):
        ali.build(config("ali_grid", **game), POINTS, steps_per_epoch=1)

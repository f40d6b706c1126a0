"""Unrolled GAN: looking ahead by hand, gradients through the updates, nothing moved by looking."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from aae_jax import parallel
from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import unrolled_gan
from aae_jax.optimizers import adam
from aae_jax.step import differentiate, make_train_step
from tests.configs import test_config
from tests.methods.tools import moved_players, start

POINTS = (2,)
RATE = 0.05


def config(unroll=2):
    config = test_config("unrolled_gan_grid")
    config.game.unroll = unroll
    config.network.hidden = (8,)
    config.game.noise = 0.0
    config.optimizer = adam(RATE)
    return config


@functools.cache
def started(unroll=2):
    """A game, and its state after a few steps, when the optimisers remember something."""
    game = unrolled_gan.build(config(unroll), POINTS, steps_per_epoch=1)
    step = jax.jit(make_train_step(game))
    state = start(game)
    for _ in range(3):
        state, _ = step(state, batch(), jax.random.key(5))
    return game, state


def batch(n=8):
    return {"x": jax.random.normal(jax.random.key(1), (n, *POINTS))}


def outcome(game, state, devices=1):
    """Losses, metrics and gradients of the phase; the batch split over devices."""
    (phase,) = game.phases

    def run(batch):
        grads, outcome, _ = differentiate(
            game,
            phase,
            state.params,
            state.batch_stats,
            batch,
            jax.random.key(2),
            opt_state=state.opt_state[phase.name],
        )
        return parallel.mean((grads, dict(outcome.losses), dict(outcome.metrics)))

    split = jax.tree.map(lambda a: a.reshape(devices, -1, *a.shape[1:]), batch())
    out = jax.jit(jax.vmap(run, axis_name=parallel.DEVICE))(split)
    return jax.tree.map(lambda a: a[0], out)


def test_the_noise_is_on_what_is_real_and_on_what_is_made():
    clean, state = started()
    noisy = config()
    noisy.game.noise, noisy.game.noise_epochs = 0.5, 10.0
    seen = [
        outcome(game, state)[2]
        for game in (clean, unrolled_gan.build(noisy, POINTS, steps_per_epoch=1))
    ]
    for logit in ("logit_real", "logit_fake"):
        assert abs(seen[0][logit] - seen[1][logit]) > 1e-3, logit


def by_hand(game, state, unroll, *, through):
    """The generator's loss and gradient; `through`: whether it sees how its fakes move D."""
    optimizer = optax.adam(RATE, b1=config().optimizer.b1)
    x = batch()["x"]

    def judge(params, x):
        play = Play(game.players, {"discriminator": params}, {}, train=False)
        return play("discriminator", x).logits

    def loss(generator):
        play = Play(game.players, {"generator": generator}, {}, jax.random.key(2), train=True)
        z = jax.vmap(jax.random.normal, (0, None))(play.keys(x.shape[0]), (2,))
        x_p = play("generator", z)
        seen = x_p if through else jax.lax.stop_gradient(x_p)

        def loss_d(params):
            real, fake = judge(params, x), judge(params, seen)
            return jax.nn.softplus(-real).mean() + jax.nn.softplus(fake).mean()

        params = state.params["discriminator"]
        memory = state.opt_state["unrolled_gan"]["discriminator"]
        for _ in range(unroll):
            updates, memory = optimizer.update(jax.grad(loss_d)(params), memory, params)
            params = optax.apply_updates(params, updates)
        real, fake = judge(params, x), judge(params, x_p)
        return -jax.nn.softplus(-real).mean() - jax.nn.softplus(fake).mean()

    return jax.jit(jax.value_and_grad(loss))(state.params["generator"])


def distance(a, b):
    pairs = zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)
    return np.sqrt(sum(float(jnp.sum((p - q) ** 2)) for p, q in pairs))


@pytest.mark.parametrize("unroll", [1, 2])
def test_the_generator_plays_against_the_discriminator_to_come(unroll):
    game, state = started(unroll)
    grads, losses, _ = outcome(game, state)
    loss, expected = by_hand(game, state, unroll, through=True)
    np.testing.assert_allclose(losses["generator"], loss, rtol=1e-5)
    size = distance(expected, jax.tree.map(jnp.zeros_like, expected))
    assert distance(grads["generator"], expected) < 1e-3 * size
    _, blind = by_hand(game, state, unroll, through=False)
    assert distance(grads["generator"], blind) > 0.01 * size


def test_the_discriminator_does_not_look_ahead():
    one, two = (outcome(*started(1)), outcome(started(2)[0], started(1)[1]))
    np.testing.assert_allclose(one[1]["discriminator"], two[1]["discriminator"], rtol=1e-6)
    assert distance(one[0]["discriminator"], two[0]["discriminator"]) < 1e-6
    assert abs(one[1]["generator"] - two[1]["generator"]) > 1e-4


def test_devices_look_ahead_together():
    one, four = (outcome(*started(), devices) for devices in (1, 4))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=2e-4, atol=1e-6), one, four)


def test_looking_ahead_moves_no_statistics():
    one = config()
    one.network.batch_norm = True
    game = unrolled_gan.build(one, POINTS, steps_per_epoch=1)
    state = start(game)
    stats = jax.tree.map(np.asarray, state.batch_stats)
    play = Play(game.players, state.params, state.batch_stats, jax.random.key(0), train=True)
    z = jax.random.normal(jax.random.key(3), (8, 2))
    play("generator", z, params=state.params["generator"])
    jax.tree.map(np.testing.assert_array_equal, play.batch_stats, stats)
    play("generator", z)
    assert distance(play.batch_stats, stats) > 0


def test_both_players_move():
    game, state = started()
    moved = moved_players(game, state, "unrolled_gan", batch())
    assert moved == {"generator", "discriminator"}


def test_no_step_ahead_is_refused():
    with pytest.raises(UserError, match="game.unroll is 0: it must be at least 1; for a GAN that"):
        unrolled_gan.build(config(0), POINTS, steps_per_epoch=1)


def test_a_batch_in_parts_is_refused():
    whole = config()
    whole.accumulate = 2
    with pytest.raises(UserError, match="accumulate is 2: it must be 1"):
        unrolled_gan.build(whole, POINTS, steps_per_epoch=1)

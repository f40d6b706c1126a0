"""The step against values worked out by hand, and against jax.grad and finite differences."""

from dataclasses import replace

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from aae_jax.errors import UserError
from aae_jax.game import Game, Outcome, Phase, Play, Player
from aae_jax.networks.dropout import Dropout
from aae_jax.networks.layers import BatchNorm, Dense
from aae_jax.state import init_state
from aae_jax.step import differentiate, make_train_step
from tests import toy_game


class Number(nn.Module):
    """One parameter, whatever the input."""

    start: float

    @nn.compact
    def __call__(self, x, *, train):
        del x, train
        return self.param("w", nn.initializers.constant(self.start), ())


class Norm(nn.Module):
    """Batch normalisation of a column, and one parameter."""

    @nn.compact
    def __call__(self, x, *, train):
        return BatchNorm()(x, train=train).mean() * self.param("w", nn.initializers.ones, ())


ONE = (jax.ShapeDtypeStruct((2, 1), jnp.float32),)
BATCH = {"x": jnp.array([[1.0], [3.0]])}


def run(game, steps=1, ema_decay=0.0, seed=0, start=0):
    state = init_state(game, jax.random.key(0), ema=ema_decay > 0).replace(step=jnp.array(start))
    step = jax.jit(make_train_step(game, ema_decay=ema_decay))
    for _ in range(steps):
        state, metrics = step(state, BATCH, jax.random.key(seed))
    return state, metrics


def numbers(*phases):
    """A game of two players, a = 2 and b = 5."""
    return Game({"a": Player(Number(2.0), ONE), "b": Player(Number(5.0), ONE)}, phases, {})


def test_phases_run_in_order_and_see_each_others_updates():
    first = Phase(
        "first", lambda play, b: Outcome({"a": 3 * play("a", b["x"])}), {"a": optax.sgd(1.0)}
    )
    second = Phase(
        "second",
        lambda play, b: Outcome({"b": play("a", b["x"]) * play("b", b["x"])}),
        {"b": optax.sgd(1.0)},
    )
    state, metrics = run(numbers(first, second))
    # a = 2 - 3 = -1; the gradient of a b by b is the new a: b = 5 + 1 = 6.
    assert float(state.params["a"]["w"]) == -1
    assert float(state.params["b"]["w"]) == 6
    assert {name: float(value) for name, value in metrics.items()} == {
        "first/a": 6.0,
        "second/b": -5.0,
    }
    state, _ = run(numbers(second, first))
    assert float(state.params["b"]["w"]) == 3  # 5 - 2, the old a


def test_players_of_one_phase_move_at_once_each_on_its_own_loss():
    def loss_fn(play, batch):
        a, b = play("a", batch["x"]), play("b", batch["x"])
        return Outcome({"a": a * b, "b": -a * b**2})

    state, _ = run(numbers(Phase("both", loss_fn, {"a": optax.sgd(1.0), "b": optax.sgd(0.1)})))
    # d(ab)/da = 5, d(-ab^2)/db = -20, both from the old values; nothing of the other's loss.
    assert float(state.params["a"]["w"]) == -3
    assert float(state.params["b"]["w"]) == 7


def test_an_optimiser_for_each_phase_and_player():
    def phase(name, slope, learning_rate, momentum):
        return Phase(
            name,
            lambda play, batch: Outcome({"a": slope * play("a", batch["x"])}),
            {"a": optax.sgd(learning_rate, momentum)},
        )

    state, _ = run(numbers(phase("p", 1.0, 1.0, 0.5), phase("q", 10.0, 0.1, 0.9)), steps=2)
    # p: traces 1, 1.5; q: traces 10, 19. A shared trace would mix the slopes.
    traces = {name: float(state.opt_state[name]["a"][0].trace["w"]) for name in ("p", "q")}
    assert traces == {"p": 1.5, "q": 19.0}
    assert float(state.params["a"]["w"]) == pytest.approx(2 - (1 + 1.5) - 0.1 * (10 + 19))


def test_a_phase_may_be_played_several_times_by_one_optimiser():
    """As a critic before each step of its generator."""

    def slope(name, times):
        return Phase(
            name,
            lambda play, batch: Outcome({"a": play("a", batch["x"]) * play.normal(1)[0]}),
            {"a": optax.sgd(1.0, momentum=0.5)},
            times,
        )

    def traces(times):
        phases = slope("p", times), slope("q", 1)
        state, metrics = run(numbers(*phases))
        of = [float(state.opt_state[phase.name]["a"][0].trace["w"]) for phase in phases]
        return *of, float(metrics["p/a"])

    (one, q, _), (two, *_), (three, same_q, last) = map(traces, (1, 2, 3))
    assert same_q == q  # the draws of other phases are what they were
    # A trace halves what was and adds a draw, of each turn's own.
    draws = [one, two - 0.5 * one, three - 0.5 * two]
    assert len({round(draw, 4) for draw in draws}) == 3
    assert last == pytest.approx((2 - one - two) * draws[2], rel=1e-5)


@pytest.mark.parametrize("times", [0, -1, 1.5])
def test_a_phase_is_played_a_whole_number_of_times(times):
    phase = Phase("p", lambda play, b: Outcome({}), {}, times)
    with pytest.raises(UserError, match=f"phase 'p' is to be played {times} times: give a whole"):
        numbers(phase)


def test_the_average_of_the_parameters():
    phase = Phase("p", lambda play, b: Outcome({"a": play("a", b["x"])}), {"a": optax.sgd(1.0)})
    state, _ = run(numbers(phase), steps=2, ema_decay=0.75)
    # a: 2, 1, 0. Average: 2, then 0.75 * 2 + 0.25 * 1 = 1.75, then 0.75 * 1.75 = 1.3125.
    assert float(state.ema["a"]["w"]) == 1.3125
    assert float(state.ema["b"]["w"]) == 5
    assert int(state.step) == 2


def test_batch_statistics_move_once_a_use_and_stay_with_their_player():
    def use(*names):
        return lambda play, b: Outcome({"a": sum(play(name, b["x"]) for name in names)})

    game = Game(
        {name: Player(Norm(), ONE) for name in ("a", "b", "c")},
        tuple(
            Phase(name, use(*used), {"a": optax.sgd(0.1)})
            for name, used in {"p": ("a",), "q": ("a", "b")}.items()
        ),
        {},
    )
    state, _ = run(game)
    mean = {
        name: float(stats["BatchNorm_0"]["BatchNorm_0"]["mean"][0])
        for name, stats in state.batch_stats.items()
    }
    # The batch's mean is 2 and the momentum 0.9: one use gives 0.2, two 0.9 * 0.2 + 0.2.
    assert mean == pytest.approx({"a": 0.38, "b": 0.2, "c": 0.0})


def test_draws_are_a_function_of_seed_step_and_phase():
    def loss_fn(name):
        return lambda play, b: Outcome(
            {"a": play("a", b["x"])}, {name: play.normal(1)[0], f"{name}2": play.normal(1)[0]}
        )

    game = numbers(*(Phase(n, loss_fn(n), {"a": optax.sgd(0.1)}) for n in ("p", "q")))

    def draws(**options):
        _, metrics = run(game, **options)
        return [float(metrics[name]) for name in ("p", "p2", "q", "q2")]

    here = draws(steps=3)
    assert draws(steps=3) == here
    assert draws(steps=1, start=2) == here  # not of how the step was reached
    others = draws(steps=2) + draws(steps=3, seed=1)
    assert len({*here, *others}) == 12


@pytest.fixture(scope="module")
def contest():
    """The toy game's phase with two players, in the middle of training."""
    game = toy_game.game()
    state = init_state(game, jax.random.key(1))
    batch = {"x": jax.random.uniform(jax.random.key(2), (8, 4, 4, 1))}
    return game, game.phases[1], state, batch, jax.random.key(3)


def own_loss(contest, name):
    """A player's loss as a function of its parameters, written without `differentiate`."""
    game, phase, state, batch, key = contest

    def loss(own):
        play = Play(game.players, {**state.params, name: own}, state.batch_stats, key, train=True)
        return phase.loss_fn(play, batch).losses[name]

    return loss


@pytest.mark.parametrize("player", ["coder", "critic"])
def test_gradients_against_finite_differences(contest, player):
    game, phase, state, batch, key = contest
    grads, outcome, _ = differentiate(game, phase, state.params, state.batch_stats, batch, key)
    loss = own_loss(contest, player)
    own = state.params[player]
    assert float(outcome.losses[player]) == pytest.approx(float(loss(own)), rel=1e-6)
    leaves, tree = jax.tree.flatten(own)
    keys = jax.random.split(jax.random.key(4), len(leaves))
    direction = tree.unflatten(
        [jax.random.normal(k, leaf.shape) for k, leaf in zip(keys, leaves, strict=True)]
    )
    h = 1e-3
    ahead, back = (jax.tree.map(lambda p, d, s=s: p + s * h * d, own, direction) for s in (1, -1))
    slope = sum(
        float((g * d).sum())
        for g, d in zip(jax.tree.leaves(grads[player]), jax.tree.leaves(direction), strict=True)
    )
    assert slope == pytest.approx((float(loss(ahead)) - float(loss(back))) / (2 * h), rel=0.02)
    by_hand = jax.grad(loss)(own)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6), grads[player], by_hand
    )


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    game = toy_game.game()
    batch = {"x": jax.random.uniform(jax.random.key(2), (8, 4, 4, 1))}
    step = jax.jit(make_train_step(game))

    def final(seed):
        state = init_state(game, jax.random.key(1))
        for _ in range(3):
            state, _ = step(state, batch, jax.random.key(seed))
        return np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(state)])

    np.testing.assert_array_equal(final(5), final(5))
    assert np.abs(final(5) - final(6)).max() > 1e-3


def test_a_loss_without_its_player_moves_nothing():
    phase = Phase("p", lambda play, b: Outcome({"a": 3 * play("b", b["x"])}), {"a": optax.sgd(1.0)})
    state, metrics = run(numbers(phase))
    assert float(state.params["a"]["w"]) == 2
    assert float(state.params["b"]["w"]) == 5
    assert float(metrics["p/a"]) == 15


class Plain(nn.Module):
    """Dropout and a layer, without batch normalisation."""

    @nn.compact
    def __call__(self, x, *, train):
        return Dense(3, 0.3)(Dropout(0.5)(x, train=train))


def test_parts_of_a_batch_give_the_step_of_the_whole():
    """Also the draws are those of the whole batch."""

    def loss_fn(play, batch):
        out = play("a", batch["x"] + play.normal(*batch["x"].shape))
        return Outcome({"a": jnp.square(out).mean()}, {"mean": out.mean()})

    spec = (jax.ShapeDtypeStruct((2, 5), jnp.float32),)
    phase = Phase("p", loss_fn, {"a": optax.sgd(0.1)})
    game = Game({"a": Player(Plain(), spec)}, (phase,), {})
    batch = {"x": jax.random.normal(jax.random.key(2), (12, 5))}
    results = [
        jax.jit(make_train_step(game, accumulate=parts))(
            init_state(game, jax.random.key(0)), batch, jax.random.key(1)
        )
        for parts in (1, 4)
    ]
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7), *results)


def test_parts_of_a_batch_are_normalised_one_by_one():
    phase = Phase("p", lambda play, b: Outcome({"a": play("a", b["x"])}), {"a": optax.sgd(0.1)})
    game = Game({"a": Player(Norm(), ONE)}, (phase,), {})
    step = jax.jit(make_train_step(game, accumulate=2))
    state, _ = step(init_state(game, jax.random.key(0)), BATCH, jax.random.key(0))
    stats = state.batch_stats["a"]["BatchNorm_0"]["BatchNorm_0"]
    # Parts of one example each, 1 and 3, without variance: 0.9 * (0.1 * 1) + 0.1 * 3.
    assert float(stats["mean"][0]) == pytest.approx(0.39)
    assert float(stats["var"][0]) == pytest.approx(0.9**2)


def test_bfloat16_stays_close_and_keeps_the_state_in_float32():
    game = toy_game.game(learning_rate=0.2)
    game = replace(game, phases=game.phases[:1])  # the contest would hide that anything is learnt
    brightness = jax.random.uniform(jax.random.key(2), (32, 1, 1, 1))  # one number can be coded
    batch = {"x": jnp.broadcast_to(brightness, (32, 4, 4, 1))}
    losses, states = {}, {}
    for precision in ("float32", "bfloat16"):
        step = jax.jit(make_train_step(game, precision=precision))
        state, losses[precision] = init_state(game, jax.random.key(1)), []
        for _ in range(100):
            state, metrics = step(state, batch, jax.random.key(5))
            losses[precision].append(float(metrics["mse"]))
        states[precision] = state
    kinds = {leaf.dtype for leaf in jax.tree.leaves(states["bfloat16"])}
    assert kinds == {jnp.dtype(name) for name in ("float32", "int32")}
    assert metrics["mse"].dtype == jnp.float32
    full, half = losses["float32"], losses["bfloat16"]
    assert full[-1] < 0.7 * full[0]
    np.testing.assert_allclose(half, full, rtol=0.1)
    assert half != full  # the networks did compute in another precision


def test_counts_are_averaged_over_parts_of_a_batch():
    def loss_fn(play, batch):
        return Outcome({"a": play("a", batch["x"])}, {"above": (batch["x"] > 2).sum()})

    phase = Phase("p", loss_fn, {"a": optax.sgd(0.1)})
    game = Game({"a": Player(Number(2.0), ONE)}, (phase,), {})
    step = jax.jit(make_train_step(game, accumulate=2))
    _, metrics = step(init_state(game, jax.random.key(0)), BATCH, jax.random.key(0))
    assert metrics["above"].dtype == jnp.float32
    assert float(metrics["above"]) == 0.5  # none of the first part, one of the second


def test_two_phases_that_report_one_name_are_refused():
    def loss_fn(play, batch):
        loss = play("a", batch["x"])
        return Outcome({"a": loss}, {"gap": loss})

    phases = (Phase(name, loss_fn, {"a": optax.sgd(1.0)}) for name in ("first", "second"))
    with pytest.raises(UserError, match="phase second reports gap, as an earlier phase does: give"):
        run(numbers(*phases))

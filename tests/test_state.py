import jax
import numpy as np
import pytest

from aae_jax import parallel
from aae_jax.game import Game, Player
from aae_jax.state import init_state, make_init
from tests import toy_game


def leaves_equal(a, b):
    assert jax.tree.structure(a) == jax.tree.structure(b)
    return all(jax.tree.leaves(jax.tree.map(lambda p, q: np.array_equal(p, q), a, b)))


@pytest.fixture(scope="module")
def state():
    return make_init(toy_game.game(), seed=3, trials=1, ema=True)()


def test_an_optimiser_state_for_each_phase_and_player(state):
    assert {phase: set(players) for phase, players in state.opt_state.items()} == {
        "reconstruction": {"coder"},
        "contest": {"coder", "critic"},
    }


def test_starts_at_step_0_with_statistics_of_players_that_have_some(state):
    assert state.step == 0
    assert set(state.params) == {"coder", "critic"}
    assert set(state.batch_stats) == {"coder", "critic"}
    np.testing.assert_array_equal(state.batch_stats["coder"]["norm"]["BatchNorm_0"]["mean"], 0)


def test_the_average_starts_at_the_parameters_and_is_what_evaluation_uses(state):
    assert leaves_equal(state.ema, state.params)
    assert leaves_equal(state.settled, state.batch_stats)
    assert state.evaluated.params is state.ema
    assert state.evaluated.batch_stats is state.settled
    plain = jax.eval_shape(make_init(toy_game.game(), seed=3, trials=1, ema=False))
    assert plain.ema is None
    assert plain.evaluated.params is plain.params
    assert plain.evaluated.batch_stats is plain.settled


def test_the_seed_decides(state):
    same = make_init(toy_game.game(), seed=3, trials=1, ema=True)()
    other = make_init(toy_game.game(), seed=4, trials=1, ema=True)()
    assert leaves_equal(same.params, state.params)
    assert not leaves_equal(other.params, state.params)


def test_trial_i_starts_as_seed_plus_i(state):
    trials = make_init(toy_game.game(), seed=2, trials=3, ema=True)()
    assert trials.step.shape == (3,)
    second = jax.tree.map(lambda a: a[1], trials)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6),
        second.params,
        state.params,
    )


def test_a_player_added_last_leaves_the_others_as_they_were():
    game = toy_game.game()
    more = Game(
        {**game.players, "third": Player(toy_game.Critic(), game.players["critic"].inputs)},
        game.phases,
        game.inference,
    )
    key, _ = parallel.trial_keys(3, 1)
    before, after = init_state(game, key), init_state(more, key)
    assert leaves_equal(before.params["coder"], after.params["coder"])
    assert leaves_equal(before.params["critic"], after.params["critic"])
    assert not leaves_equal(after.params["third"], after.params["critic"])

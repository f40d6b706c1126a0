"""AAE: the three phases against the paper's formulas, their order, the prior, bad options."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import aae
from aae_jax.state import init_state
from tests.configs import test_config

SHAPE = (4, 4, 1)


def config(**game):
    config = test_config("aae_mnist")
    config.game.update(game)
    return config


@pytest.fixture(scope="module")
def started():
    game = aae.build(config(prior_std=5.0), SHAPE, steps_per_epoch=1)
    return game, init_state(game, jax.random.key(0))


def losses(game, state, phase, x):
    play = Play(game.players, state.params, state.batch_stats, jax.random.key(2), train=True)
    outcome = game.phases[phase].loss_fn(play, {"x": x})
    return outcome.losses, play


def test_phases_come_in_the_papers_order_with_their_players(started):
    game, _ = started
    assert [(phase.name, set(phase.optimizers)) for phase in game.phases] == [
        ("reconstruction", {"encoder", "decoder"}),
        ("discriminator", {"discriminator"}),
        ("generator", {"encoder"}),
    ]


def test_losses_are_those_of_section_2(started):
    game, state = started
    x = jax.random.uniform(jax.random.key(1), (6, *SHAPE))
    got, play = losses(game, state, 0, x)
    z = play("encoder", x)
    x_hat = play("decoder", z)
    cost = 0.5 * ((x - x_hat) ** 2).reshape(6, -1).sum(axis=1).mean()
    np.testing.assert_allclose([got["encoder"], got["decoder"]], [cost, cost], rtol=1e-6)

    d_fake = jax.nn.sigmoid(play("discriminator", z))
    got, _ = losses(game, state, 2, x)
    np.testing.assert_allclose(got["encoder"], -jnp.log(d_fake).mean(), rtol=1e-6)


def test_the_prior_has_its_standard_deviation(started):
    game, state = started
    play = Play(game.players, state.params, state.batch_stats, jax.random.key(2), train=False)
    z = game.inference["prior"](play, np.full(5000, -1, np.int32))["z"]
    np.testing.assert_allclose(np.std(z, axis=0), 5.0, rtol=0.05)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": 0}, "game.code is 0: it must be at least 1"),
        ({"prior_std": 0.0}, "game.prior_std is 0.0: it must be positive"),
    ],
)
def test_impossible_options(change, message):
    with pytest.raises(UserError, match=message):
        aae.build(config(**change), SHAPE, 1)


def test_a_network_without_layers_is_refused():
    other = config()
    other.network.hidden = ()
    with pytest.raises(UserError, match="network.hidden is"):
        aae.build(other, SHAPE, 1)

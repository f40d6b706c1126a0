"""AMM: Algorithm 1 against its formulas, the two priors, Eq. 19, bad options."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.inference import GameFunctions
from aae_jax.methods import adversarial_mixture, amm
from aae_jax.methods.mixture_prior import make_mixture, mixture_means
from aae_jax.model import Model
from aae_jax.state import init_state
from tests.configs import test_config
from tests.methods.tools import Recorder

SHAPE = (16, 16, 1)


def config(**game):
    config = test_config("amm_digits")
    config.game.update({"components": 3, "code": 4, "prior": "learned", **game})
    return config


def start(**game):
    built = amm.build(config(**game), SHAPE, steps_per_epoch=1)
    return built, jax.jit(lambda: init_state(built, jax.random.key(0)))()


def test_losses_are_those_of_algorithm_1():
    game, state = start(gradient_penalty=0.0)
    x = jax.random.uniform(jax.random.key(1), (8, *SHAPE))

    @jax.jit
    def run():
        play = Recorder(
            game.players, state.params, state.batch_stats, jax.random.key(2), train=True
        )
        outcome = game.phases[0].loss_fn(play, {"x": x})
        return dict(outcome.losses), [(i, o) for p, i, o in play.calls if p == "discriminator"]

    losses, ((inferred, logit_q), (synthesised, logit_p)) = run()
    np.testing.assert_array_equal(inferred[0], x)
    np.testing.assert_allclose(inferred[1].sum(axis=1), 1.0, rtol=1e-5)
    assert set(np.unique(synthesised[1])) == {0.0, 1.0}
    rho_q, rho_p = jax.nn.sigmoid(logit_q), jax.nn.sigmoid(logit_p)
    expected = {
        "discriminator": -jnp.log(rho_q).mean() - jnp.log(1 - rho_p).mean(),
        "decoder": -jnp.log(rho_p).mean(),
        "prior": -jnp.log(rho_p).mean(),
        "encoder": -jnp.log(1 - rho_q).mean(),
    }
    assert set(losses) == set(expected)
    for name, loss in losses.items():
        np.testing.assert_allclose(loss, expected[name], rtol=1e-5, err_msg=name)


def test_the_penalty_enters_the_discriminators_loss_with_its_weight():
    x = jax.random.uniform(jax.random.key(1), (8, *SHAPE))

    def losses(weight):
        game, state = start(gradient_penalty=weight)

        @jax.jit
        def run():
            play = Play(
                game.players, state.params, state.batch_stats, jax.random.key(2), train=True
            )
            outcome = game.phases[0].loss_fn(play, {"x": x})
            return dict(outcome.losses), dict(outcome.metrics)

        return run()

    without, _ = losses(0.0)
    with_2, metrics = losses(2.0)
    assert metrics["gradient_penalty"] > 0
    np.testing.assert_allclose(
        with_2["discriminator"] - without["discriminator"],
        2 * metrics["gradient_penalty"],
        rtol=1e-4,
    )
    np.testing.assert_allclose(with_2["encoder"], without["encoder"], rtol=1e-6)


def infer(game, state, key, x, function):
    @jax.jit
    def run(state, key, x):
        play = Play(game.players, state.params, state.batch_stats, key, train=False)
        return game.inference[function](play, x)

    return run(state, key, x)


def test_learned_prior_is_a_player_and_the_fixed_one_is_not():
    learned, _ = start()
    fixed, state = start(prior="fixed", prior_radius=3.0)
    assert "prior" in learned.players
    assert "prior" not in fixed.players
    component = np.repeat(np.arange(3, dtype=np.int32), 3000)
    code = infer(fixed, state, jax.random.key(0), component, "prior")
    z = np.asarray(code["z"]).reshape(3, 3000, 4)
    np.testing.assert_allclose(z.mean(axis=1), mixture_means(3, 4, 3.0), atol=0.1)
    np.testing.assert_allclose(z.std(axis=1), 1.0, atol=0.05)
    np.testing.assert_array_equal(np.argmax(code["y"], axis=1), component)


@pytest.mark.parametrize(("step", "radius"), [(0, 1.0), (5, 2.0), (10, 3.0), (99, 3.0)])
def test_the_means_of_the_fixed_prior_move_out(step, radius):
    moves = {"prior_epochs": 2.0, "prior_first_radius": 1.0}
    settings = config(prior="fixed", prior_radius=3.0, **moves)
    game = amm.build(settings, SHAPE, steps_per_epoch=5)
    state = jax.jit(lambda: init_state(game, jax.random.key(0)))()
    model = Model(settings, GameFunctions(game), state.params, state.batch_stats, step)
    z = model.prior(3000, seed=0, component=1)["z"]
    np.testing.assert_allclose(z.mean(axis=0), mixture_means(3, 4, radius)[1], atol=0.1)

    def drawn(step):
        play = Play(
            game.players, state.params, state.batch_stats, jax.random.key(0), train=True, step=step
        )
        return make_mixture(settings, 5).draw(play, jnp.ones(3000, jnp.int32))["z"]

    np.testing.assert_allclose(jax.jit(drawn)(step).mean(axis=0), z.mean(axis=0), atol=0.1)


def test_y_and_z_independent():
    game, state = start(prior="independent", inference="independent")
    assert "prior" not in game.players
    assert game.players["encoder"].network.leader == ""
    component = np.repeat(np.arange(3, dtype=np.int32), 3000)
    z = np.asarray(infer(game, state, jax.random.key(0), component, "prior")["z"])
    z = z.reshape(3, 3000, 4)
    np.testing.assert_allclose(z.mean(axis=1), 0.0, atol=0.1)
    np.testing.assert_allclose(z.std(axis=1), 1.0, atol=0.05)
    assert "log_joint" not in game.inference  # z says nothing of y


def test_components_are_drawn_uniformly():
    game, state = start(prior="fixed")
    code = infer(game, state, jax.random.key(0), np.full(6000, -1, np.int32), "prior")
    np.testing.assert_allclose(np.mean(code["y"], axis=0), 1 / 3, atol=0.02)


def test_log_joint_is_equation_19():
    game, state = start(prior="fixed", prior_radius=3.0)
    z = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    got = infer(game, state, None, z, "log_joint")
    means = mixture_means(3, 4, 3.0)
    expected = [
        [scipy.stats.multivariate_normal(mean).logpdf(row) - np.log(3) for mean in means]
        for row in z
    ]
    np.testing.assert_allclose(got, expected, rtol=1e-4)


def test_a_posterior_draw_scatters_around_the_mean_as_the_variance_says():
    game, state = start()
    x = jnp.repeat(jax.random.uniform(jax.random.key(1), (1, *SHAPE)), 4000, axis=0)
    infer_fn = adversarial_mixture.infer

    @jax.jit
    def run():
        play = Play(game.players, state.params, state.batch_stats, jax.random.key(3), train=False)
        return play("encoder", x[:1]), infer_fn(play, x), infer_fn(play, x[:1], draw=False)

    q, draws, mean = run()
    np.testing.assert_allclose(draws["z"].mean(axis=0), q.z_mean[0], atol=0.1)
    np.testing.assert_allclose(draws["z"].std(axis=0), jnp.exp(q.z_logvar[0] / 2), rtol=0.1)
    np.testing.assert_allclose(mean["z"], q.z_mean)
    np.testing.assert_allclose(mean["y"], jax.nn.softmax(q.y_mean), rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inference": "q3"}, "game.inference is 'q3': choose one of q1, q2, independent"),
        ({"prior": "none"}, "game.prior is 'none': choose one of learned, fixed, independent"),
        ({"components": 1}, "game.components is 1: it must be at least 2"),
        ({"code": 0}, "game.code is 0: it must be at least 1"),
        ({"gradient_penalty": -1.0}, "game.gradient_penalty is -1.0: it must be at least 0"),
        ({"components": 9, "prior": "fixed"}, "game.components is 9: .* there are 8 .* game.code"),
        ({"prior_epochs": -1.0}, "game.prior_epochs is -1.0: it must be at least 0"),
        ({"prior_first_radius": -1.0}, "game.prior_first_radius is -1.0: it must be at least 0"),
        ({"prior_directions": "up"}, "game.prior_directions is 'up': choose one of orthog"),
    ],
)
def test_impossible_options(change, message):
    with pytest.raises(UserError, match=message):
        amm.build(config(**change), SHAPE, 1)


def test_network_that_does_not_fit():
    with pytest.raises(UserError, match=r"amm_digits takes 16x16 images but .* \(28, 28, 1\)"):
        amm.build(config(), (28, 28, 1), 1)
    other = config()
    other.network.name = "amm_imagenet"
    with pytest.raises(UserError, match="network.name is 'amm_imagenet': choose one of"):
        amm.build(other, SHAPE, 1)


@pytest.mark.parametrize("init", ["normal", "he"])
def test_initial_weights_of_the_discriminator(init):
    """As the config says in its convolutions and dense layers; 0.02 elsewhere."""
    chosen = config()
    chosen.network.discriminator_init = init
    built = amm.build(chosen, SHAPE, 1)
    params = jax.jit(lambda: init_state(built, jax.random.key(0)))().params
    for player in ("discriminator", "decoder"):
        kernels = [a for a in jax.tree.leaves(params[player]) if a.ndim > 1 and a.size > 50]
        assert {a.ndim for a in kernels} >= {2, 4}
        for kernel in kernels:
            he = (player, init) == ("discriminator", "he")
            expected = np.sqrt(2 / math.prod(kernel.shape[:-1])) if he else 0.02
            np.testing.assert_allclose(kernel.std(), expected, rtol=0.3)
    chosen.network.discriminator_init = "zeros"
    with pytest.raises(
        UserError, match="network.discriminator_init is 'zeros': choose one of norm"
    ):
        amm.build(chosen, SHAPE, 1)

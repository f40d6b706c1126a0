"""FIAE: the phases against the paper's formulas, the paths of the gradient, bad options."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import optimizers, priors
from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import fiae
from aae_jax.step import differentiate
from tests.configs import test_config
from tests.methods.tools import infer, losses_on_devices, moved_players, play_phase, start

POINTS = (4,)


def config(**game):
    config = test_config("fiae_four_points")
    config.game.prior = priors.gaussian(2, std=3.0)
    config.game.local_code, config.game.recognition_noise = 2, 3
    for field, value in game.items():
        config.game[field] = value  # whole: an update would mix the fields of two priors
    return config


@functools.cache
def started(kind="gaussian"):
    """A game of points, and its initial state."""
    fields = {
        "gaussian": {},
        "categorical": {"prior": priors.categorical(5)},
        "hard codes": {"prior": priors.categorical(5), "hard_codes": True},
        "scaled code": {"prior": priors.categorical(5), "code_scale": 3.0},
        "deterministic": {"local_code": 0, "recognition_noise": 0},
        "noise of the generator": {"recognition_noise": 0},
        "noise of the recognition": {"local_code": 0},
    }[kind]
    game = fiae.build(config(**fields), POINTS, steps_per_epoch=1)
    return game, start(game)


def batch(seed=1, n=6):
    return {"x": jax.random.normal(jax.random.key(seed), (n, *POINTS))}


def cross_entropy(real, fake):
    d_real, d_fake = jax.nn.sigmoid(real), jax.nn.sigmoid(fake)
    return -jnp.log(d_real).mean() - jnp.log(1 - d_fake).mean()


def test_each_phase_updates_its_players_and_no_others():
    game, state = started()
    expected = {
        "regularisation": {"discriminator_x", "generator"},
        "reconstruction": {"discriminator_xz", "generator", "recognition"},
    }
    assert [phase.name for phase in game.phases] == list(expected)
    for name, players in expected.items():
        assert moved_players(game, state, name, batch()) == players, name


def test_regularisation_is_a_gan_on_the_data():
    game, state = started()
    losses, metrics, uses = play_phase(game, state, "regularisation", batch())
    ((_, made),) = uses["generator"]
    by_input = {np.asarray(inputs[0]).tobytes(): out for inputs, out in uses["discriminator_x"]}
    real = by_input.pop(np.asarray(batch()["x"]).tobytes())
    fake = by_input.pop(np.asarray(made).tobytes())
    np.testing.assert_allclose(losses["discriminator_x"], cross_entropy(real, fake), rtol=1e-5)
    d_fake = jax.nn.sigmoid(fake)
    np.testing.assert_allclose(losses["generator"], -jnp.log(d_fake).mean(), rtol=1e-5)
    np.testing.assert_allclose(metrics["d_x"], d_fake.mean(), rtol=1e-6)
    assert not by_input
    assert not uses["recognition"]
    assert not uses["discriminator_xz"]


def test_reconstruction_compares_codes_of_synthetic_points():
    game, state = started()
    losses, metrics, uses = play_phase(game, state, "reconstruction", batch())
    (((z, n), made),) = uses["generator"]
    (((seen, eps), z_hat),) = uses["recognition"]
    np.testing.assert_array_equal(seen, made)
    assert (z.shape, n.shape, eps.shape, z_hat.shape) == ((6, 2), (6, 2), (6, 3), (6, 2))
    by_code = {np.asarray(code).tobytes(): (x, out) for (x, code), out in uses["discriminator_xz"]}
    (x_real, real), (x_fake, fake) = (by_code[np.asarray(code).tobytes()] for code in (z, z_hat))
    np.testing.assert_array_equal(x_real, made)
    np.testing.assert_array_equal(x_fake, made)
    np.testing.assert_allclose(losses["discriminator_xz"], cross_entropy(real, fake), rtol=1e-5)
    cost = -jnp.log(jax.nn.sigmoid(fake)).mean()
    np.testing.assert_allclose([losses["generator"], losses["recognition"]], [cost] * 2, rtol=1e-5)
    np.testing.assert_allclose(metrics["code_mse"], np.mean((z - z_hat) ** 2), rtol=1e-5)


def test_recognition_never_sees_data():
    game, state = started()
    one, other = (play_phase(game, state, "reconstruction", batch(seed)) for seed in (1, 2))
    jax.tree.map(np.testing.assert_array_equal, one, other)
    new, _ = (play_phase(game, state, "regularisation", batch(seed)) for seed in (1, 2))
    assert not new[2]["recognition"]


def test_codes_and_noise_come_from_their_priors():
    game, state = started()
    *_, uses = play_phase(game, state, "reconstruction", batch(n=4000))
    ((z, n), _) = uses["generator"][0]
    ((_, eps), _) = uses["recognition"][0]
    for draws, std in ((z, 3.0), (n, 1.0), (eps, 1.0)):
        np.testing.assert_allclose(np.std(draws, axis=0), std, rtol=0.06)
        np.testing.assert_allclose(np.mean(draws, axis=0) / std, 0.0, atol=0.07)


PATHS = {
    "both": lambda x: (x, x),
    "condition": lambda x: (x, jax.lax.stop_gradient(x)),
    "code": lambda x: (jax.lax.stop_gradient(x), x),
}


@pytest.mark.parametrize("player", ["generator", "recognition"])
def test_the_gradient_goes_through_the_negative_pair_alone(player):
    """On both ways from x~, as the condition and into z^; none comes from the positive pair."""
    game, state = started()
    *_, uses = play_phase(game, state, "reconstruction", batch())
    code, (_, eps) = uses["generator"][0][0], uses["recognition"][0][0]

    def gradient(path, positive=False):
        @jax.jit
        @jax.grad
        def by_hand(own):
            params = {**state.params, player: own}
            play = Play(game.players, params, state.batch_stats, jax.random.key(0), train=True)
            condition, shown = PATHS[path](play("generator", *code))
            fake = play("discriminator_xz", condition, play("recognition", shown, eps))
            loss = jax.nn.softplus(-fake).mean()
            if positive:
                real = play("discriminator_xz", play("generator", *code), code[0])
                loss += jax.nn.softplus(real).mean()
            return loss

        return np.concatenate([g.ravel() for g in jax.tree.leaves(by_hand(state.params[player]))])

    _, phase = game.phases
    grads, *_ = jax.jit(
        lambda key: (differentiate(game, phase, state.params, state.batch_stats, batch(), key)[0],)
    )(jax.random.key(2))
    found = np.concatenate([g.ravel() for g in jax.tree.leaves(grads[player])])
    right = gradient("both")
    size = np.linalg.norm(right)
    assert size > 0
    np.testing.assert_allclose(found, right, atol=1e-4 * size)
    if player == "generator":
        # Each way carries its part, so that a cut one or a leak would have been seen.
        for wrong in (gradient("condition"), gradient("code"), gradient("both", positive=True)):
            assert np.linalg.norm(wrong - right) > 0.01 * size


def test_a_categorical_code_is_recognised_as_probabilities():
    game, state = started("categorical")
    *_, uses = play_phase(game, state, "reconstruction", batch())
    (((z, _), _),) = uses["generator"]
    (((made, _), h),) = uses["recognition"]
    codes = [inputs[1] for inputs, _ in uses["discriminator_xz"]]
    assert set(np.unique(z)) == {0.0, 1.0}
    np.testing.assert_array_equal(z.sum(axis=1), 1.0)
    for expected in (z, jax.nn.softmax(h)):
        assert any(np.allclose(code, expected, rtol=1e-5) for code in codes)
    x = np.asarray(made)
    predicted = infer(game, state, "predict", x)
    np.testing.assert_array_equal(predicted, infer(game, state, "encode", x)["z"])
    np.testing.assert_allclose(predicted.sum(axis=1), 1.0, rtol=1e-5)
    assert game.components == 5
    drawn = infer(game, state, "prior", np.array([3, 0, 4], np.int32))["z"]
    np.testing.assert_array_equal(drawn, np.eye(5)[[3, 0, 4]])


def test_hard_codes_are_one_hot_and_pass_gradients_on():
    game, state = started("hard codes")
    *_, uses = play_phase(game, state, "reconstruction", batch())
    ((_, h),) = uses["recognition"]
    codes = {np.asarray(inputs[1]).tobytes() for inputs, _ in uses["discriminator_xz"]}
    assert np.eye(5, dtype=np.float32)[h.argmax(axis=1)].tobytes() in codes
    players = {"discriminator_xz", "generator", "recognition"}
    assert moved_players(game, state, "reconstruction", batch()) == players
    x = batch()["x"]
    z = infer(game, state, "encode", x)["z"]
    predicted = infer(game, state, "predict", x)  # still probabilities
    np.testing.assert_array_equal(z, np.eye(5)[predicted.argmax(axis=1)])
    assert predicted.min() > 0


def test_the_generator_alone_reads_scaled_codes():
    game, state = started("scaled code")
    for phase in ("regularisation", "reconstruction"):
        *_, uses = play_phase(game, state, phase, batch())
        (((z, _), _),) = uses["generator"]
        assert set(np.unique(z)) == {0.0, 3.0}
    codes = [inputs[1] for inputs, _ in uses["discriminator_xz"]]
    assert any(np.array_equal(3 * code, z) for code in codes)
    code = infer(game, state, "prior", np.array([3, 0], np.int32))
    np.testing.assert_array_equal(code["z"], np.eye(5)[[3, 0]])
    play = Play(game.players, state.params, state.batch_stats, jax.random.key(0), train=False)
    np.testing.assert_allclose(
        infer(game, state, "decode", code), play("generator", 3 * code["z"], code["n"]), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("kind", "differ"),
    [
        ("gaussian", {"z", "n"}),
        ("noise of the generator", {"n"}),
        ("noise of the recognition", {"z"}),
    ],
)
def test_draws_differ_in_what_has_noise(kind, differ):
    game, state = started(kind)
    x = batch()["x"]
    codes = [infer(game, state, "posterior", x, seed=seed) for seed in (1, 1, 2)]
    jax.tree.map(np.testing.assert_array_equal, codes[0], codes[1])
    assert {part for part in codes[0] if np.any(codes[0][part] != codes[2][part])} == differ
    centres = [infer(game, state, "encode", x, seed=seed) for seed in (1, 2)]
    jax.tree.map(np.testing.assert_array_equal, *centres)
    if "n" in centres[0]:
        np.testing.assert_array_equal(centres[0]["n"], 0.0)
    assert infer(game, state, "decode", centres[0]).shape == x.shape


def test_without_noise_there_are_no_draws():
    game, state = started("deterministic")
    assert "posterior" not in game.inference
    assert "predict" not in game.inference
    assert set(infer(game, state, "encode", batch()["x"])) == {"z"}


@pytest.mark.slow  # what the games of a family share is tested with another of them
def test_two_devices_play_the_game_of_one():
    """Draws belong to examples, and the last layer of recognition normalises over all of them."""
    game, state = started()
    one, two = (losses_on_devices(game, state, batch(), devices) for devices in (1, 2))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), one, two)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"noise": 1.0}, "game.noise_epochs is 0.0: give the number of epochs"),
        ({"prior": priors.gaussian(0)}, "game.prior.dim is 0: it must be at least 1"),
        ({"local_code": -1}, "game.local_code is -1: it must be at least 0"),
        ({"hard_codes": True}, "game.hard_codes is for categorical codes: set game.prior"),
        ({"code_scale": 0.0}, "game.code_scale is 0.0: it must be positive"),
        ({"recognition_noise": -2}, "game.recognition_noise is -2: it must be at least 0"),
    ],
)
def test_impossible_options(change, message):
    with pytest.raises(UserError, match=message):
        fiae.build(config(**change), POINTS, 1)


def test_each_phase_needs_an_optimiser():
    other = config()
    other.optimizer = {"game": optimizers.adam()}
    with pytest.raises(UserError, match="phases are regularisation, reconstruction"):
        fiae.build(other, POINTS, 1)


def test_points_do_not_fit_networks_of_images():
    with pytest.raises(UserError, match="takes images but the data are points of shape"):
        fiae.build(test_config("fiae_mnist"), POINTS, 1)

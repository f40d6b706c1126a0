"""AIM: Algorithm 1 by hand, whose gradient goes where, inference, AIM- and the f-GAN value."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import adversarial_inference, aim, instance_noise
from aae_jax.step import differentiate
from tests.configs import test_config
from tests.methods.tools import infer, losses_on_devices, moved_players, play_phase, start

POINTS = (3,)
DIM = 2


def config(**game):
    config = test_config("aim_grid")
    config.network.hidden = (8,)
    config.game.noise = 0.0
    config.game.update({"weight": 0.5, **game})
    return config


@functools.cache
def started(**game):
    built = aim.build(config(**game), POINTS, steps_per_epoch=1)
    return built, start(built)


def batch(n=6):
    return {"x": jax.random.normal(jax.random.key(1), (n, *POINTS))}


def test_all_players_move():
    game, state = started()
    players = {"generator", "discriminator", "encoder"}
    assert moved_players(game, state, "aim", batch()) == players


@pytest.mark.parametrize("variance", aim.VARIANCES)
def test_losses_are_those_of_algorithm_1(variance):
    game, state = started(variance=variance)
    losses, metrics, uses = play_phase(game, state, "aim", batch())
    (((z,), made),) = uses["generator"]
    assert z.shape == (6, DIM)
    (((features,), q),) = uses["encoder"]
    np.testing.assert_array_equal(features, made)  # of generated points, never of real ones
    logvar = q[:, 1] if variance == "learned" else np.zeros_like(q[:, 0])
    terms = (z - q[:, 0]) ** 2 / np.exp(logvar) + logvar + np.log(2 * np.pi)
    nll = 0.5 * terms.sum(axis=1).mean()
    np.testing.assert_allclose(metrics["code_nll"], nll, rtol=1e-5)
    (_, real), (_, fake) = uses["discriminator"]
    real, fake = jax.nn.sigmoid(real.logits), jax.nn.sigmoid(fake.logits)
    expected = {
        "discriminator": -np.log(real).mean() - np.log(1 - fake).mean(),
        "generator": -np.log(fake).mean() + 0.5 * nll,
        "encoder": 0.5 * nll,
    }
    assert set(losses) == set(expected)
    for player, loss in expected.items():
        np.testing.assert_allclose(losses[player], loss, rtol=1e-5)


def test_the_value_of_eq_6():
    game, state = started(value="fgan_kl", weight=1.0)
    losses, metrics, uses = play_phase(game, state, "aim", batch())
    (_, real), (_, fake) = uses["discriminator"]
    value = real.logits.mean() - np.exp(fake.logits - 1).mean()
    np.testing.assert_allclose(losses["discriminator"], -value, rtol=1e-5)
    climbed = -np.exp(fake.logits - 1).mean()
    np.testing.assert_allclose(losses["generator"], climbed + metrics["code_nll"], rtol=1e-5)


def image_game():
    """A game of images, whose encoder reads maps of the discriminator."""
    one = config()
    one.network = adversarial_inference.network("aim_mnist")
    one.network.width = 0.05
    game = aim.build(one, (28, 28, 1), steps_per_epoch=1)
    return game, start(game), {"x": jax.random.uniform(jax.random.key(1), (4, 28, 28, 1))}


def test_the_encoder_reads_features_that_it_does_not_update():
    game, state, images = image_game()
    (phase,) = game.phases
    key = jax.random.key(2)

    @jax.jit
    def found(key):
        stats = state.batch_stats
        grads, *_ = differentiate(game, phase, state.params, stats, images, key)
        return grads

    @functools.partial(jax.jit, static_argnames="player")
    def by_hand(own, player, weight):
        def loss(own):
            params = {**state.params, player: own}
            play = Play(game.players, params, state.batch_stats, key, train=True)
            z = jax.vmap(jax.random.normal, (0, None))(play.keys(4), (DIM,))
            real = play("discriminator", images["x"])
            fake = play("discriminator", play("generator", z))
            q = play("encoder", fake.features)
            nll = ((z - q[:, 0]) ** 2 / jnp.exp(q[:, 1]) + q[:, 1]).sum(axis=1).mean() / 2
            if player == "discriminator":
                loss = jax.nn.softplus(-real.logits).mean() + jax.nn.softplus(fake.logits).mean()
                return loss + weight * nll
            adversarial = jax.nn.softplus(-fake.logits).mean() if player == "generator" else 0.0
            return adversarial + weight * nll

        return jax.grad(loss)(own)

    def distance(a, b):
        pairs = zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True)
        return np.sqrt(sum(float(jnp.sum((p - q) ** 2)) for p, q in pairs))

    grads = found(key)
    for player, own in state.params.items():
        # The likelihood is no business of the discriminator, and reaches both others.
        right, wrong = (0.0, 0.5) if player == "discriminator" else (0.5, 0.0)
        expected = by_hand(own, player, right)
        size = distance(expected, jax.tree.map(jnp.zeros_like, expected))
        assert distance(grads[player], expected) < 1e-3 * size, player
        assert distance(grads[player], by_hand(own, player, wrong)) > 0.01 * size, player


def test_inference_is_algorithm_2():
    game, state = started()
    x = jnp.broadcast_to(batch()["x"][:1], (4000, *POINTS))
    mean = infer(game, state, "encode", x)["z"]
    assert np.ptp(mean, axis=0).max() < 1e-5
    play = Play(game.players, state.params, state.batch_stats, train=False)
    q = play("encoder", play("discriminator", x[:1]).features)
    np.testing.assert_allclose(mean[:1], q[:, 0], rtol=1e-5)
    z = infer(game, state, "posterior", x)["z"]
    np.testing.assert_allclose(z.std(axis=0), np.exp(q[0, 1] / 2), rtol=0.08)
    np.testing.assert_allclose(z.mean(axis=0), q[0, 0], atol=0.08)


def test_noise_on_what_the_discriminator_sees_falls_to_nothing():
    game = aim.build(config(noise=2.0, noise_epochs=3.0), POINTS, steps_per_epoch=4)
    state = start(game)
    blur = instance_noise.make_blur(config(noise=2.0, noise_epochs=3.0), 4)
    x = jnp.zeros((5000, *POINTS))
    for step, std in {0: 2.0, 6: 1.0, 12: 0.0, 99: 0.0}.items():
        play = Play({}, {}, {}, jax.random.key(0), train=True, step=jnp.asarray(step))
        np.testing.assert_allclose(blur(play, x).std(), std, rtol=0.05)
    play = Play({}, {}, {}, train=False)
    np.testing.assert_array_equal(blur(play, x), x)
    # The step knows its number: at first all is noisy, later nothing.
    (phase,) = game.phases

    @jax.jit
    def losses(step):
        key = jax.random.key(2)
        _, outcome, _ = differentiate(
            game, phase, state.params, state.batch_stats, batch(), key, step=step
        )
        return dict(outcome.losses)

    first, later, last = losses(0), losses(12), losses(50)
    assert abs(first["discriminator"] - later["discriminator"]) > 1e-4
    jax.tree.map(np.testing.assert_array_equal, later, last)


def test_devices_share_a_batch():
    game, state = started()
    one, eight = (losses_on_devices(game, state, batch(8), n) for n in (1, 8))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), one, eight)


@pytest.mark.parametrize(
    ("game", "message"),
    [
        ({"weight": 0.0}, "game.weight is 0.0: it must be positive; for a GAN"),
        ({"value": "kl"}, "game.value is 'kl': choose one of non_saturating"),
        ({"noise": -1.0}, "game.noise is -1.0: it must be at least 0"),
        (
            {"noise": 1.0, "noise_epochs": 0.0},
            "game.noise_epochs is 0.0: give the number of epochs",
        ),
        ({"variance": "none"}, "game.variance is 'none': choose one of learned, fixed"),
    ],
)
def test_impossible_options_are_named(game, message):
    with pytest.raises(UserError, match=message):
        aim.build(config(**game), POINTS, steps_per_epoch=1)


@pytest.mark.parametrize(
    ("network", "shape", "message"),
    [
        ({"name": "mnist"}, POINTS, "choose one of aim_64, aim_mnist, aim_points"),
        ({"hidden": ()}, POINTS, r"network.hidden is \(\): give widths"),
        ({}, (28, 28, 1), "takes points but the data has shape"),
    ],
)
def test_impossible_networks_are_named(network, shape, message):
    one = config()
    one.network.update(network)
    with pytest.raises(UserError, match=message):
        aim.build(one, shape, steps_per_epoch=1)
    one.network = adversarial_inference.network("aim_mnist")
    with pytest.raises(UserError, match="takes 28x28 images but the data has shape"):
        aim.build(one, (32, 32, 3), steps_per_epoch=1)
    one.data.value_range = (-1.0, 1.0)
    with pytest.raises(UserError, match="makes pixels in"):
        aim.build(one, (28, 28, 1), steps_per_epoch=1)

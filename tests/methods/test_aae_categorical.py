"""AAE with a categorical code: its four phases, clustering without the last, bad options."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import optimizers
from aae_jax.errors import UserError
from aae_jax.methods import aae_categorical
from aae_jax.metrics.confusion import cluster_confusion, error_rate, majority_map
from tests.configs import test_config
from tests.methods.tools import (
    infer,
    learn,
    losses_on_devices,
    moved_players,
    moved_statistics,
    play_phase,
    start,
    use_digits,
)

SHAPE = (4, 4, 1)
LABEL = np.array([0, 1, 2, 2, 1, 0], np.int32)


def config(name="aae_mnist_100_labels"):
    config = test_config(name)
    config.network.init_std = 0.3
    config.game.components = 3
    config.game.prior.dim = 4
    return config


@functools.cache
def started(name="aae_mnist_100_labels", noise=0.0):
    one = config(name)
    one.game.input_noise = noise
    game = aae_categorical.build(one, SHAPE, steps_per_epoch=1)
    return game, start(game)


def batch():
    x, x_labelled = jax.random.uniform(jax.random.key(1), (2, 6, *SHAPE))
    # Labels of x are there, and none of the game's business.
    return {"x": x, "label": LABEL[::-1], "x_labelled": x_labelled, "label_labelled": LABEL}


def test_each_phase_updates_its_players_and_no_others():
    game, state = started()
    expected = {
        "reconstruction": {"encoder", "decoder"},
        "discriminator": {"discriminator_y", "discriminator_z"},
        "generator": {"encoder"},
        "classification": {"encoder"},
    }
    assert [phase.name for phase in game.phases] == list(expected)
    for name, players in expected.items():
        assert moved_players(game, state, name, batch()) == players, name


def test_labelled_images_leave_running_statistics_alone():
    normalised = config()
    normalised.network.batch_norm = True
    game = aae_categorical.build(normalised, SHAPE, steps_per_epoch=1)
    state = start(game)
    assert moved_statistics(game, state, "classification", batch()) == set()
    assert moved_statistics(game, state, "reconstruction", batch()) == {"encoder"}


def test_clustering_is_the_same_without_the_last_phase():
    game, _ = started("aae_mnist_16_clusters")
    phases = [phase.name for phase in game.phases]
    assert phases == ["reconstruction", "discriminator", "generator"]


def test_reconstruction_goes_through_softmax_and_style():
    game, state = started()
    losses, _, uses = play_phase(game, state, "reconstruction", batch())
    ((x, h),) = uses["encoder"]
    np.testing.assert_array_equal(x[0], batch()["x"])
    ((y, z), x_hat) = uses["decoder"][0]
    np.testing.assert_allclose(y, jax.nn.softmax(h[:, :3]), rtol=1e-5)
    np.testing.assert_array_equal(z, h[:, 3:])
    assert z.shape == (6, 4)
    cost = 0.5 * ((x[0] - x_hat) ** 2).reshape(6, -1).sum(axis=1).mean()
    np.testing.assert_allclose([losses["encoder"], losses["decoder"]], [cost, cost], rtol=1e-6)


def test_each_part_has_a_prior_and_a_discriminator():
    game, state = started()
    many = {"x": jax.random.uniform(jax.random.key(1), (3000, *SHAPE))}
    losses, _, uses = play_phase(game, state, "discriminator", many)
    y, z = (uses[f"discriminator_{part}"] for part in "yz")
    (y_p, _), (y_q, _) = y
    assert set(np.unique(y_p[0])) == {0.0, 1.0}
    np.testing.assert_allclose(y_p[0].mean(axis=0), 1 / 3, atol=0.04)
    np.testing.assert_allclose(y_q[0].sum(axis=1), 1.0, rtol=1e-5)
    assert len(np.unique(np.asarray(y_q[0]))) > 2  # probabilities, not one-hot
    (z_p, _), (z_q, _) = z
    np.testing.assert_allclose(np.cov(z_p[0], rowvar=False), np.eye(4), atol=0.12)
    np.testing.assert_allclose(z_q[0], uses["encoder"][0][1][:, 3:], rtol=1e-6)
    # Style and category are drawn independently.
    assert abs(np.corrcoef(y_p[0][:, 0], z_p[0][:, 0])[0, 1]) < 0.08
    for part, ((_, real), (_, fake)) in {"y": y, "z": z}.items():
        cost = jax.nn.softplus(-real).mean() + jax.nn.softplus(fake).mean()
        np.testing.assert_allclose(losses[f"discriminator_{part}"], cost, rtol=1e-5)

    losses, _, uses = play_phase(game, state, "generator", batch())
    cost = [jax.nn.softplus(-uses[f"discriminator_{part}"][0][1]).mean() for part in "yz"]
    np.testing.assert_allclose(losses["encoder"], sum(cost), rtol=1e-5)


def test_classification_is_the_cross_entropy_of_the_labelled_images():
    game, state = started()
    losses, metrics, uses = play_phase(game, state, "classification", batch())
    ((x, h),) = uses["encoder"]
    np.testing.assert_array_equal(x[0], batch()["x_labelled"])
    log_p = np.log(jax.nn.softmax(h[:, :3]))
    np.testing.assert_allclose(losses["encoder"], -log_p[np.arange(6), LABEL].mean(), rtol=1e-5)
    accuracy = np.mean(np.argmax(h[:, :3], axis=1) == LABEL)
    np.testing.assert_allclose(metrics["labelled_accuracy"], accuracy, rtol=1e-6)


def test_only_training_has_noise():
    game, state = started(noise=0.3)
    x = jnp.zeros((2000, *SHAPE))
    *_, uses = play_phase(game, state, "generator", {"x": x})
    np.testing.assert_allclose(np.std(uses["encoder"][0][0][0]), 0.3, rtol=0.02)
    z = infer(game, state, "encode", x[:50])["z"]
    np.testing.assert_allclose(z, np.tile(z[:1], (50, 1)), rtol=1e-5)


@pytest.mark.slow  # what the games of a family share is tested with another of them
def test_two_devices_play_the_game_of_one():
    one = config()
    one.game.input_noise = 0.3
    one.network.update({"batch_norm": True, "batch_norm_y": True, "input_dropout": 0.2})
    game = aae_categorical.build(one, SHAPE, 1)
    state = start(game)
    whole, split = (losses_on_devices(game, state, batch(), devices) for devices in (1, 2))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4), whole, split)


def test_dropout_and_batch_norm_of_the_clustering_encoder():
    one = config("aae_mnist_16_clusters")
    one.network.input_dropout = 0.2
    game = aae_categorical.build(one, SHAPE, 1)
    encoder = game.players["encoder"].network.mlp
    assert (encoder.batch_norm, encoder.input_dropout) == (True, 0.2)
    for name in ("decoder", "discriminator_y", "discriminator_z"):
        network = game.players[name].network
        assert (network.batch_norm, network.input_dropout) == (False, 0.0)


def test_logits_of_y_are_normalised_over_the_batch_and_the_style_is_not():
    one = config("aae_mnist_16_clusters")
    game = aae_categorical.build(one, SHAPE, 1)
    x = jax.random.uniform(jax.random.key(5), (500, *SHAPE))
    *_, uses = play_phase(game, start(game), "generator", {"x": x})
    h = np.asarray(uses["encoder"][0][1])
    k = one.game.components
    np.testing.assert_allclose(h[:, :k].mean(0), 0.0, atol=1e-4)
    np.testing.assert_allclose(h[:, :k].std(0), 3.0, rtol=0.1)  # less by what is added to variances
    assert (h[:, k:].std(0) < 2).all()


def test_drawing_and_predicting():
    game, state = started()
    code = infer(game, state, "prior", np.array([2, 0, 1], np.int32))
    np.testing.assert_array_equal(code["y"], np.eye(3)[[2, 0, 1]])
    x = batch()["x"]
    np.testing.assert_array_equal(
        infer(game, state, "predict", x), infer(game, state, "encode", x)["y"]
    )


def test_a_hundred_labels_teach_the_digits():
    one = test_config("aae_mnist_100_labels")
    one.data.labelled = 100
    for name in one.optimizer:
        one.optimizer[name] = optimizers.adam(1e-3)
    dataset = use_digits(one)
    game = aae_categorical.build(one, dataset.example_shape, steps_per_epoch=14)
    state, report = learn(game, dataset, steps=300)
    error = np.mean(
        np.argmax(infer(game, state, "predict", dataset.test.x()), axis=1) != dataset.test.label
    )
    print(f"{error:.3f} of test digits misclassified, MSE {report['mse'][-1]:.3f}")
    assert error < 0.25  # chance: 0.9


def test_thirty_clusters_stay_in_use_and_find_digits():
    one = test_config("aae_mnist_30_clusters")
    one.network.hidden = (200, 200)
    dataset = use_digits(one)
    game = aae_categorical.build(one, dataset.example_shape, steps_per_epoch=14)
    state, _ = learn(game, dataset, steps=400)
    cluster = np.argmax(infer(game, state, "predict", dataset.test.x()), axis=1)
    used = len(np.unique(cluster))
    confusion = cluster_confusion(cluster, dataset.test.label, 30, 10)
    error = error_rate(confusion, majority_map(confusion))
    print(f"{used} clusters in use, {error:.3f} of test digits in one of another digit")
    # Without normalised logits it was 7 clusters and 0.42.
    assert used >= 25
    assert error < 0.25


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"game.components": 1}, "game.components is 1: it must be at least 2"),
        ({"game.input_noise": -1.0}, "game.input_noise is -1.0: it must be at least 0"),
        ({"game.prior.std": 0.0}, "game.prior.std is 0.0: it must be positive"),
        ({"network.input_dropout": 1.0}, "network.input_dropout is 1.0: it must be at least 0 and"),
        ({"network.hidden": ()}, "network.hidden is"),
        ({"data.standardise": True}, "set network.output=linear"),
        ({"data.labelled": 0}, "classification.*: this game's phases are reconstruction, d"),
    ],
)
def test_impossible_options(change, message):
    one = config()
    one.update_from_flattened_dict(change)
    with pytest.raises(UserError, match=message):
        aae_categorical.build(one, SHAPE, 1)

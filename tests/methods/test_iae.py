"""IAE: who moves when, the losses, the paths of the gradient, its four cases, bad options."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import data, losses, priors
from aae_jax.errors import UserError
from aae_jax.methods import iae
from aae_jax.step import differentiate
from tests.configs import test_config
from tests.methods.tools import (
    infer,
    learn,
    losses_on_devices,
    moved_players,
    moved_statistics,
    play_phase,
    start,
)

SHAPE = (2,)
LABEL = np.array([0, 1, 2, 2, 1, 0], np.int32)
RECONSTRUCTION = {"discriminator_xz", "encoder", "decoder"}
REGULARISATION = {"discriminator_z", "encoder"}


def config(labelled=0, **game):
    """The ring's config with a 3-D Gaussian code and no noise, or as the fields say."""
    config = test_config("iae_ring")
    config.game = iae.options()
    config.game.prior = priors.gaussian(3)
    for field, value in game.items():
        config.game[field] = value  # whole: an update would mix the fields of two priors
    config.data.labelled = labelled
    config.optimizer = iae.optimizer(
        regularise=config.game.regularise, semi_supervised=labelled > 0
    )
    return config


KINDS = {
    "deterministic": {},
    "deterministic, free": {"regularise": False},
    "stochastic": {"local_code": 5},
    "stochastic, free": {"local_code": 5, "regularise": False},
    "noisy encoder": {"local_code": 5, "encoder_noise": 4},
    "semi-supervised": {
        "prior": priors.categorical(3),
        "local_code": 5,
        "encoder_noise": 4,
        "labelled": 6,
    },
}


def clear(state):
    """A state whose weights are so large that codes and images differ clearly."""
    return state.replace(params=jax.tree.map(lambda a: 5 * a, state.params))


@functools.cache
def started(kind, **options):
    game = iae.build(config(**KINDS[kind], **options), SHAPE, steps_per_epoch=1)
    return game, clear(start(game))


def batch(n=6, shape=SHAPE):
    x, x_labelled = jax.random.uniform(jax.random.key(1), (2, n, *shape))
    # Labels of x are there, and none of the game's business.
    label = np.resize(LABEL, n)
    return {"x": x, "label": label[::-1], "x_labelled": x_labelled, "label_labelled": label}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("deterministic, free", {"reconstruction": RECONSTRUCTION}),
        (
            "semi-supervised",
            {
                "reconstruction": RECONSTRUCTION,
                "regularisation": REGULARISATION,
                "classification": {"encoder"},
            },
        ),
    ],
)
def test_each_phase_updates_its_players_and_no_others(kind, expected):
    game, state = started(kind)
    assert [phase.name for phase in game.phases] == list(expected)
    for name, players in expected.items():
        assert moved_players(game, state, name, batch()) == players, name


@pytest.mark.parametrize("local", [0, 5])
@pytest.mark.parametrize("regularise", [False, True])
def test_the_four_cases_differ_in_options_alone(local, regularise):
    """Section 2: two of them have no noise, two have no prior to match."""
    kind = ("stochastic" if local else "deterministic") + ("" if regularise else ", free")
    game, _ = started(kind)
    assert ("discriminator_z" in game.players) == regularise
    phases = ["reconstruction", "regularisation"][: 1 + regularise]
    assert [phase.name for phase in game.phases] == phases
    widths = [spec.shape[1] for spec in game.players["decoder"].inputs]
    assert widths == ([3, 5] if local else [3])
    assert ("posterior" in game.inference) == (local > 0)


def test_adversarial_reconstruction_by_hand():
    """Section 2: positive (x, z^), negative (x^, z^) of the same z^, x^ = g(z^, n)."""
    game, state = started("noisy encoder")
    reported, metrics, uses = play_phase(game, state, "reconstruction", batch())
    (((x, eps), z),) = uses["encoder"]
    (((z_read, n), x_hat),) = uses["decoder"]
    (real_pair, real), (fake_pair, fake) = uses["discriminator_xz"]
    np.testing.assert_array_equal(x, batch()["x"])
    assert (eps.shape, n.shape) == ((6, 4), (6, 5))
    np.testing.assert_array_equal(z_read, z)
    np.testing.assert_array_equal(real_pair[0], x)
    np.testing.assert_array_equal(fake_pair[0], x_hat)
    for pair in (real_pair, fake_pair):
        np.testing.assert_array_equal(pair[1], z)
    d_real, d_fake = jax.nn.sigmoid(real), jax.nn.sigmoid(fake)
    cost = -np.log(d_real).mean() - np.log(1 - d_fake).mean()
    np.testing.assert_allclose(reported["discriminator_xz"], cost, rtol=1e-4)
    for player in ("encoder", "decoder"):
        np.testing.assert_allclose(reported[player], -np.log(d_fake).mean(), rtol=1e-4)
    np.testing.assert_allclose(metrics["d_xz"], d_fake.mean(), rtol=1e-5)
    np.testing.assert_allclose(metrics["mse"], ((x - x_hat) ** 2).mean(), rtol=1e-5)


def test_adversarial_regularisation_by_hand():
    game, state = started("noisy encoder")
    reported, metrics, uses = play_phase(game, state, "regularisation", batch(4000))
    ((_, z),) = uses["encoder"]
    by_input = {bool(np.array_equal(inputs[0], z)): r for inputs, r in uses["discriminator_z"]}
    (z_p,) = (
        inputs[0] for inputs, _ in uses["discriminator_z"] if not np.array_equal(inputs[0], z)
    )
    np.testing.assert_allclose(np.cov(z_p, rowvar=False), np.eye(3), atol=0.12)
    cost = jax.nn.softplus(-by_input[False]).mean() + jax.nn.softplus(by_input[True]).mean()
    np.testing.assert_allclose(reported["discriminator_z"], cost, rtol=1e-5)
    fooled = jax.nn.softplus(-by_input[True]).mean()
    np.testing.assert_allclose(reported["encoder"], fooled, rtol=1e-5)
    np.testing.assert_allclose(metrics["d_z"], jax.nn.sigmoid(by_input[True]).mean(), rtol=1e-5)
    assert uses["decoder"] == []


def test_a_categorical_code_is_made_of_probabilities_and_matched_to_one_hot_draws():
    game, state = started("semi-supervised")
    *_, uses = play_phase(game, state, "reconstruction", batch())
    ((_, h),) = uses["encoder"]
    for pair, _ in uses["discriminator_xz"]:
        np.testing.assert_allclose(pair[1], jax.nn.softmax(h), rtol=1e-5)
    np.testing.assert_allclose(uses["decoder"][0][0][0], jax.nn.softmax(h), rtol=1e-5)
    *_, uses = play_phase(game, state, "regularisation", batch(900))
    codes = [inputs[0] for inputs, _ in uses["discriminator_z"]]
    one_hot, probabilities = sorted(codes, key=lambda code: -float(code.max(axis=1).mean()))
    assert set(np.unique(one_hot)) == {0.0, 1.0}
    np.testing.assert_allclose(one_hot.mean(axis=0), 1 / 3, atol=0.06)
    np.testing.assert_allclose(probabilities, jax.nn.softmax(uses["encoder"][0][1]), rtol=1e-5)


def test_classification_is_the_cross_entropy_of_the_labelled_examples():
    game, state = started("semi-supervised")
    reported, metrics, uses = play_phase(game, state, "classification", batch())
    ((inputs, h),) = uses["encoder"]
    np.testing.assert_array_equal(inputs[0], batch()["x_labelled"])
    log_p = np.log(jax.nn.softmax(h))
    np.testing.assert_allclose(reported["encoder"], -log_p[np.arange(6), LABEL].mean(), rtol=1e-4)
    accuracy = np.mean(np.argmax(h, axis=1) == LABEL)
    np.testing.assert_allclose(metrics["labelled_accuracy"], accuracy, rtol=1e-6)
    assert game.classes == game.components == 3


def test_labelled_images_leave_running_statistics_alone():
    game = iae.build(test_config("iae_mnist_100_labels"), (28, 28, 1), steps_per_epoch=1)
    state, one = start(game), batch(shape=(28, 28, 1))
    one["label_labelled"] = one["label_labelled"] % 10
    assert moved_statistics(game, state, "classification", one) == set()
    assert "encoder" in moved_statistics(game, state, "regularisation", one)


@functools.cache
def started_on_images(conditioning):
    one = test_config("iae_mnist_stochastic_5")
    one.network.conditioning = conditioning
    one.game.local_code = 5
    game = iae.build(one, (28, 28, 1), steps_per_epoch=1)
    return game, clear(start(game))


@pytest.mark.parametrize("net", ["points", "location_dependent"])
def test_the_encoder_learns_through_both_parts_of_the_negative_pair_and_no_other(net):
    """Eq. 10: d/dphi of -log D(g(f(x), n), f(x)); the positive pair (x, f(x)) gives nothing."""
    if net == "points":
        (game, state), one = started("stochastic"), batch()
    else:
        (game, state), one = started_on_images(net), batch(shape=(28, 28, 1))
    phase, key, x = game.phases[0], jax.random.key(2), one["x"]
    *_, uses = play_phase(game, state, "reconstruction", one)
    n = uses["decoder"][0][0][1]

    def call(player, params, *inputs):
        variables = {"params": params, "batch_stats": state.batch_stats.get(player, {})}
        network = game.players[player].network
        return network.apply(variables, *inputs, train=True, mutable=["batch_stats"])[0]

    def cost(own, weights):
        z = call("encoder", own, x)
        stopped = jax.lax.stop_gradient(z)

        def through(weight):
            return weight * z + (1 - weight) * stopped

        x_hat = call("decoder", state.params["decoder"], through(weights[0]), n)
        discriminate = functools.partial(call, "discriminator_xz", state.params["discriminator_xz"])
        positive = losses.non_saturating_inference_loss(discriminate(x, z)).mean()
        negative = -jax.nn.log_sigmoid(discriminate(x_hat, through(weights[1]))).mean()
        return negative + weights[2] * positive

    @jax.jit
    def gradients(params, batch_stats, one):
        ours, _, _ = differentiate(game, phase, params, batch_stats, one, key)
        # Through x^, through z^, through the positive pair: which of them.
        which = jnp.array([[1.0, 1, 0], [1, 0, 0], [0, 1, 0], [1, 1, 1]])
        by_hand = jax.lax.map(lambda w: jax.grad(cost)(params["encoder"], w), which)
        flat = jax.tree.leaves(jax.tree.map(lambda a: a.reshape(4, -1), by_hand))
        ours = [leaf.ravel() for leaf in jax.tree.leaves(ours["encoder"])]
        return jnp.concatenate(ours), jnp.concatenate(flat, axis=1)

    ours, (both, x_only, z_only, with_positive) = map(
        np.asarray, gradients(state.params, state.batch_stats, one)
    )
    size = np.linalg.norm(both)
    assert np.linalg.norm(ours - both) < 1e-3 * size
    np.testing.assert_allclose(x_only + z_only, both, atol=1e-3 * size)
    for other in (x_only, z_only, with_positive):
        assert np.linalg.norm(ours - other) > 0.02 * size


def test_draws_differ_where_there_is_noise_and_the_centre_does_not():
    x = batch()["x"]
    game, state = started("stochastic")
    centre = infer(game, state, "encode", x)
    np.testing.assert_array_equal(centre["n"], np.zeros((6, 5)))
    draws = [infer(game, state, "posterior", x, seed=seed) for seed in (1, 1, 2)]
    images = [infer(game, state, "decode", code) for code in (centre, *draws)]
    np.testing.assert_array_equal(draws[0]["n"], draws[1]["n"])
    np.testing.assert_array_equal(images[1], images[2])
    assert np.abs(draws[0]["n"] - draws[2]["n"]).min() > 0
    assert np.abs(images[1] - images[3]).min() > 0
    for draw in draws:
        np.testing.assert_allclose(draw["z"], centre["z"], rtol=1e-6)
    for seed in (1, 2):
        again = infer(game, state, "encode", x, seed=seed)
        jax.tree.map(np.testing.assert_array_equal, again, centre)

    game, state = started("noisy encoder")
    one, other = (infer(game, state, "posterior", x, seed=seed) for seed in (1, 2))
    assert np.abs(one["z"] - other["z"]).min() > 0
    assert np.abs(one["n"] - other["n"]).min() > 0
    same = infer(game, state, "encode", jnp.tile(x[:1], (6, 1)))
    np.testing.assert_allclose(same["z"], np.tile(same["z"][:1], (6, 1)), rtol=1e-5)


def test_clusters_are_predicted_and_drawn():
    game, state = started("semi-supervised")
    x = batch()["x"]
    centre = infer(game, state, "encode", x)
    np.testing.assert_array_equal(infer(game, state, "predict", x), centre["z"])
    np.testing.assert_allclose(centre["z"].sum(axis=1), 1.0, rtol=1e-5)
    code = infer(game, state, "prior", np.array([2, 0, 1], np.int32))
    np.testing.assert_array_equal(code["z"], np.eye(3)[[2, 0, 1]])
    assert code["n"].shape == (3, 5)


def test_eight_devices_play_the_game_of_one():
    game, state = started("semi-supervised")
    one, eight = (losses_on_devices(game, state, batch(16), devices) for devices in (1, 8))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4), one, eight)


def test_each_gaussian_of_the_ring_gets_a_cluster_of_its_own():
    """Fig. 5c, in a short run of the config's settings."""
    settings = test_config("iae_ring")
    settings.network.hidden = (64, 64)
    settings.data.size = 10_000
    dataset = data.load(settings.data)
    game = iae.build(settings, dataset.example_shape, steps_per_epoch=100)
    state, _ = learn(game, dataset, steps=600)
    test = dataset.test
    cluster = np.argmax(infer(game, state, "predict", test.x()), axis=1)
    counts = np.zeros((7, 7), int)
    np.add.at(counts, (cluster, test.label), 1)
    print(counts)
    assert counts.max(axis=1).sum() > 0.95 * len(test)  # all in one cluster: 0.14


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prior": priors.gaussian(0)}, "game.prior.dim is 0: it must be at least 1"),
        ({"local_code": -1}, "game.local_code is -1: it must be at least 0"),
        ({"encoder_noise": -2}, "game.encoder_noise is -2: it must be at least 0"),
        ({"input_noise": -0.3}, "game.input_noise is -0.3: it must be at least 0"),
        ({"labelled": 6}, "data.labelled asks for semi-supervision, which needs a categorical"),
    ],
)
def test_impossible_options(change, message):
    with pytest.raises(UserError, match=message):
        iae.build(config(**change), SHAPE, 1)


def test_an_optimiser_for_a_phase_that_is_not_played():
    one = config(regularise=False)
    one.optimizer = iae.optimizer()
    with pytest.raises(UserError, match="regularisation: this game's phases are reconstruction$"):
        iae.build(one, SHAPE, 1)


@pytest.mark.parametrize("phase", ["reconstruction", "regularisation", "classification"])
def test_the_encoder_is_noisy_in_every_phase(phase):
    game, state = started("semi-supervised")
    *_, uses = play_phase(game, state, phase, batch(200))
    ((_, eps), _) = uses["encoder"][0]
    np.testing.assert_allclose(np.std(eps, axis=0), 1.0, atol=0.2)
    assert len(np.unique(eps)) == eps.size  # an example's own
    if phase == "reconstruction":
        n = uses["decoder"][0][0][1]
        np.testing.assert_allclose(np.std(n, axis=0), 1.0, atol=0.25)


@pytest.mark.parametrize("phase", ["reconstruction", "regularisation", "classification"])
def test_images_are_noisy_for_the_encoder_alone_and_in_training_alone(phase):
    game, state = started("semi-supervised", input_noise=0.3)
    one = batch(400)
    x = one["x_labelled" if phase == "classification" else "x"]
    *_, uses = play_phase(game, state, phase, one)
    ((seen, _), _) = uses["encoder"][0]
    np.testing.assert_allclose(np.std(seen - x), 0.3, rtol=0.1)
    for (compared, _), _ in uses.get("discriminator_xz", [])[:1]:
        np.testing.assert_array_equal(compared, x)
    same = infer(game, state, "encode", jnp.tile(x[:1], (6, 1)))["z"]
    np.testing.assert_allclose(same, np.tile(same[:1], (6, 1)), rtol=1e-5)

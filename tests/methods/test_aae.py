"""AAE: the phases against the paper's formulas, posteriors, labels, noise, bad options."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import optimizers, priors
from aae_jax.errors import UserError
from aae_jax.methods import aae
from tests.configs import test_config
from tests.methods.tools import (
    infer,
    learn,
    losses_on_devices,
    moved_players,
    play_phase,
    start,
    use_digits,
)

SHAPE = (4, 4, 1)
LABEL = np.array([0, 1, 2, 2, 1, 0], np.int32)
PHASES = [
    ("reconstruction", {"encoder", "decoder"}),
    ("discriminator", {"discriminator"}),
    ("generator", {"encoder"}),
]


def config(labelled=0, **game):
    config = test_config("aae_mnist")
    config.network.init_std = 0.3  # so that codes differ from the start
    config.data.labelled = labelled
    for field, value in game.items():
        config.game[field] = value  # whole: an update would mix the fields of two priors
    return config


@functools.cache
def started(kind):
    """A game of three classes, and its initial state."""
    mixture = priors.mixture(3)
    mixture.radius = 10.0  # components too far apart to be mistaken for each other
    fields = {
        "plain": {"prior": priors.gaussian(2, std=5.0)},
        "gaussian": {"posterior": "gaussian"},
        "implicit": {"posterior": "implicit", "eta": 5},
        "noisy": {"input_noise": 0.3},
        "semi-supervised": {"labels": "discriminator", "prior": mixture, "labelled": 6},
        "everything random": {
            "labels": "discriminator",
            "prior": mixture,
            "labelled": 6,
            "posterior": "gaussian",
            "input_noise": 0.3,
        },
        "supervised": {"labels": "discriminator", "prior": mixture},
        "decoder": {"labels": "decoder"},
    }[kind]
    if "labels" in fields:
        fields["classes"] = 3
    game = aae.build(config(**fields), SHAPE, steps_per_epoch=1)
    return game, start(game)


def batch():
    x, x_labelled = jax.random.uniform(jax.random.key(1), (2, 6, *SHAPE))
    # Labels of x are there whether or not the game may see them.
    return {"x": x, "label": LABEL[::-1], "x_labelled": x_labelled, "label_labelled": LABEL}


@pytest.mark.parametrize("kind", ["plain", "semi-supervised", "decoder"])
def test_each_phase_updates_its_players_and_no_others(kind):
    game, state = started(kind)
    assert [(phase.name, set(phase.optimizers)) for phase in game.phases] == PHASES
    for name, players in PHASES:
        assert moved_players(game, state, name, batch()) == players, name


def test_losses_are_those_of_section_2():
    game, state = started("plain")
    x = batch()["x"]
    losses, _, uses = play_phase(game, state, "reconstruction", {"x": x})
    ((inputs, z),) = uses["encoder"]
    np.testing.assert_array_equal(inputs[0], x)
    ((inputs, x_hat),) = uses["decoder"]
    np.testing.assert_array_equal(inputs[0], z)
    cost = 0.5 * ((x - x_hat) ** 2).reshape(6, -1).sum(axis=1).mean()
    np.testing.assert_allclose([losses["encoder"], losses["decoder"]], [cost, cost], rtol=1e-6)

    losses, metrics, uses = play_phase(game, state, "discriminator", {"x": x})
    (_, real), (inputs, fake) = uses["discriminator"]
    np.testing.assert_allclose(inputs[0], z, rtol=1e-5)
    d_real, d_fake = jax.nn.sigmoid(real), jax.nn.sigmoid(fake)
    expected = -jnp.log(d_real).mean() - jnp.log(1 - d_fake).mean()
    np.testing.assert_allclose(losses["discriminator"], expected, rtol=1e-5)
    np.testing.assert_allclose(metrics["d_z"], d_fake.mean(), rtol=1e-6)

    losses, _, uses = play_phase(game, state, "generator", {"x": x})
    ((_, fake),) = uses["discriminator"]
    np.testing.assert_allclose(losses["encoder"], -jnp.log(d_fake).mean(), rtol=1e-5)


def test_positive_codes_come_from_the_prior():
    game, state = started("plain")
    many = {"x": jnp.zeros((4000, *SHAPE))}
    *_, uses = play_phase(game, state, "discriminator", many)
    ((z_p,), _), _ = uses["discriminator"]
    np.testing.assert_allclose(np.std(z_p, axis=0), 5.0, rtol=0.05)
    drawn = infer(game, state, "prior", np.full(4000, -1, np.int32))["z"]
    np.testing.assert_allclose(np.std(drawn, axis=0), 5.0, rtol=0.05)


def test_labels_select_the_boundary_and_the_component():
    """Fig. 3a: fails if one-hots are permuted, or the class of unlabelled points is missing."""
    game, state = started("semi-supervised")
    losses, _, uses = play_phase(game, state, "discriminator", batch())
    (free_p, r_0), (free_q, r_1), (tied_p, r_2), (tied_q, r_3) = uses["discriminator"]
    unlabelled, one_hot = np.tile([0, 0, 0, 1], (6, 1)), np.eye(4)[LABEL]
    for inputs, switch in (
        (free_p, unlabelled),
        (free_q, unlabelled),
        (tied_p, one_hot),
        (tied_q, one_hot),
    ):
        np.testing.assert_array_equal(inputs[1], switch)
    (x, _), (x_labelled, _) = ((inputs[0], z) for inputs, z in uses["encoder"])
    np.testing.assert_array_equal(x, batch()["x"])
    np.testing.assert_array_equal(x_labelled, batch()["x_labelled"])
    np.testing.assert_array_equal(free_q[0], uses["encoder"][0][1])
    np.testing.assert_array_equal(tied_q[0], uses["encoder"][1][1])
    # Positive codes of a label come from its component, centred at the angle 2 pi k / 3.
    angle = 2 * np.pi * LABEL / 3
    centre = 10 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert np.linalg.norm(tied_p[0] - centre, axis=1).max() < 3
    # The streams count alike.
    cost = [jax.nn.softplus(logit).mean() for logit in (-r_0, r_1, -r_2, r_3)]
    np.testing.assert_allclose(losses["discriminator"], sum(cost) / 2, rtol=1e-5)

    losses, _, uses = play_phase(game, state, "generator", batch())
    (free, r_0), (tied, r_1) = uses["discriminator"]
    np.testing.assert_array_equal(free[1], unlabelled)
    np.testing.assert_array_equal(tied[1], one_hot)
    cost = [jax.nn.softplus(-r).mean() for r in (r_0, r_1)]
    np.testing.assert_allclose(losses["encoder"], sum(cost) / 2, rtol=1e-5)


def test_positive_codes_of_unlabelled_points_come_from_the_whole_prior():
    game, state = started("semi-supervised")
    many = {
        "x": jnp.zeros((300, *SHAPE)),
        "x_labelled": jnp.zeros((300, *SHAPE)),
        "label_labelled": jnp.zeros(300, jnp.int32),
    }
    *_, uses = play_phase(game, state, "discriminator", many)
    (free, _), _, (tied, _), _ = uses["discriminator"]
    mixture = priors.Mixture(3, radius=10.0)
    share = np.bincount(mixture.component_of(free[0]), minlength=3) / 300
    np.testing.assert_allclose(share, 1 / 3, atol=0.1)
    assert set(np.unique(mixture.component_of(tied[0]))) == {0}


def test_two_devices_play_the_game_of_one():
    game, state = started("everything random")
    one, two = (losses_on_devices(game, state, batch(), devices) for devices in (1, 2))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), one, two)


def test_all_labelled():
    game, state = started("supervised")
    x = batch()["x"]
    *_, uses = play_phase(game, state, "discriminator", {"x": x, "label": LABEL})
    for inputs, _ in uses["discriminator"]:
        np.testing.assert_array_equal(inputs[1], np.eye(4)[LABEL])
    assert len(uses["discriminator"]) == 2
    assert game.classes == 3


def test_reconstruction_covers_all_data_once():
    game, state = started("semi-supervised")
    *_, uses = play_phase(game, state, "reconstruction", batch())
    ((inputs, _),) = uses["encoder"]
    np.testing.assert_array_equal(inputs[0], batch()["x"])


def test_the_decoder_reads_the_label():
    """Fig. 3b; the discriminator does not."""
    game, state = started("decoder")
    one = batch()
    *_, uses = play_phase(game, state, "reconstruction", one)
    ((inputs, _),) = uses["decoder"]
    np.testing.assert_array_equal(inputs[0], np.eye(3)[one["label"]])
    np.testing.assert_array_equal(inputs[1], uses["encoder"][0][1])
    *_, uses = play_phase(game, state, "discriminator", one)
    assert [len(inputs) for inputs, _ in uses["discriminator"]] == [1, 1]
    code = infer(game, state, "prior", np.array([2, 0, 1], np.int32))
    np.testing.assert_array_equal(code["y"], np.eye(3)[[2, 0, 1]])
    any_y = infer(game, state, "prior", np.full(900, -1, np.int32))["y"]
    np.testing.assert_allclose(np.mean(any_y, axis=0), 1 / 3, atol=0.06)


def test_drawing_a_component():
    game, state = started("semi-supervised")
    z = infer(game, state, "prior", np.array([2, 0, 1] * 5, np.int32))["z"]
    assert list(infer(game, state, "component_of", z)) == [2, 0, 1] * 5


def test_input_noise_is_there_in_training_and_absent_at_inference():
    game, state = started("noisy")
    x = jnp.broadcast_to(batch()["x"][:1], (2000, *SHAPE))
    losses, _, uses = play_phase(game, state, "reconstruction", {"x": x})
    ((seen,), _) = uses["encoder"][0]
    np.testing.assert_allclose(np.std(seen - x), 0.3, rtol=0.02)
    assert abs(np.mean(seen - x)) < 0.01
    ((_, x_hat),) = uses["decoder"]  # compared with the clean images
    cost = 0.5 * ((x - x_hat) ** 2).reshape(2000, -1).sum(axis=1).mean()
    np.testing.assert_allclose(losses["decoder"], cost, rtol=1e-5)
    z = infer(game, state, "encode", x)["z"]
    np.testing.assert_allclose(z, np.tile(z[:1], (2000, 1)), rtol=1e-5)


def test_a_gaussian_posterior_scatters_as_its_moments_say():
    game, state = started("gaussian")
    x = jnp.broadcast_to(batch()["x"][:1], (4000, *SHAPE))
    *_, uses = play_phase(game, state, "generator", {"x": x})
    mean, logvar = uses["encoder"][0][1][0]
    ((z,), _) = uses["discriminator"][0]
    std = np.exp(logvar / 2)
    np.testing.assert_allclose((z.mean(axis=0) - mean) / std, 0, atol=4 / np.sqrt(4000))
    np.testing.assert_allclose(z.std(axis=0), std, rtol=0.05)
    np.testing.assert_allclose(infer(game, state, "encode", x[:1])["z"][0], mean, rtol=1e-4)
    draw = infer(game, state, "posterior", x)["z"]
    np.testing.assert_allclose(draw.std(axis=0), std, rtol=0.05)


def test_an_implicit_posterior_varies_with_its_noise():
    game, state = started("implicit")
    x = jnp.broadcast_to(batch()["x"][:1], (4000, *SHAPE))
    *_, uses = play_phase(game, state, "generator", {"x": x})
    ((_, eta), z) = uses["encoder"][0]
    np.testing.assert_allclose(eta.mean(axis=0), 0.0, atol=0.07)
    np.testing.assert_allclose(eta.std(axis=0), 1.0, rtol=0.05)
    assert z.std(axis=0).min() > 0.01
    draws = [infer(game, state, "posterior", x[:3], seed=seed)["z"] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert np.abs(draws[0] - draws[2]).min() > 0
    centre = infer(game, state, "encode", x[:3])["z"]
    np.testing.assert_allclose(centre, np.tile(centre[:1], (3, 1)), rtol=1e-5)


def test_a_deterministic_posterior_has_no_draws():
    game, _ = started("plain")
    assert "posterior" not in game.inference


def test_ten_labelled_components_are_learned_on_the_digits():
    """Codes of held-out images lie in the component of their label."""
    one = config(labelled=1000, labels="discriminator", prior=priors.mixture())
    for name, _ in PHASES:
        one.optimizer[name] = optimizers.adam(2e-3)
    dataset = use_digits(one)
    game = aae.build(one, dataset.example_shape, steps_per_epoch=14)
    state, report = learn(game, dataset, steps=1200)
    z = infer(game, state, "encode", dataset.test.x())["z"]
    match = np.mean(infer(game, state, "component_of", z) == dataset.test.label)
    print(f"{match:.2f} of test codes in their component, MSE {report['mse'][-1]:.3f}")
    assert match > 0.7  # chance: 0.1; 0.86 when this was written


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prior": priors.gaussian(0)}, "game.prior.dim is 0: it must be at least 1"),
        ({"posterior": "normal"}, "game.posterior is 'normal': choose one of deterministic, gau"),
        ({"posterior": "implicit", "eta": 0}, "game.eta is 0: an implicit posterior needs at"),
        ({"input_noise": -0.3}, "game.input_noise is -0.3: it must be at least 0"),
        ({"labels": "encoder"}, "game.labels is 'encoder': choose one of none, discriminator, d"),
        ({"labels": "discriminator"}, "the prior has 0 components for game.classes=10: choose a"),
        ({"labels": "decoder", "classes": 1}, "game.classes is 1: it must be at least 2"),
    ],
)
def test_impossible_options(change, message):
    with pytest.raises(UserError, match=message):
        aae.build(config(**change), SHAPE, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"network.hidden": ()}, "network.hidden is"),
        ({"network.init_std": 0.0}, "network.init_std is 0.0: it must be positive"),
        ({"network.output": "tanh"}, "network.output is 'tanh': choose one of linear, sigmoid"),
        ({"data.value_range": (-1.0, 1.0)}, "no pixels between 0 and 1: set network.output=linea"),
        ({"data.standardise": True}, "no pixels between 0 and 1: set network.output=linear"),
        ({"optimizer": {"game": optimizers.adam()}}, "optimizer has the entries .*game.*: this"),
    ],
)
def test_impossible_networks_and_optimisers(change, message):
    other = config()
    other.update_from_flattened_dict(change)
    with pytest.raises(UserError, match=message):
        aae.build(other, SHAPE, 1)


def test_points_need_a_linear_output():
    with pytest.raises(UserError, match="set network.output=linear"):
        aae.build(config(), (2,), 1)

"""SAMM: Algorithm 2 against its formulas, what each game reaches, the class prior, bad options."""

import functools
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.data import load
from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.inference import load_trials
from aae_jax.methods import METHODS, Method, adversarial_mixture, samm
from aae_jax.train import train
from tests.configs import test_config
from tests.methods.small_mixture import SHAPE, small_table, use_small_table  # noqa: F401
from tests.methods.tools import infer, losses_on_devices, play_phase, start

LABEL = np.array([0, 1, 2, 2, 1, 1], np.int32)
FREQUENCIES = (0.2, 0.3, 0.5)


def config(**game):
    return use_small_table(test_config("samm_digits"), **{"prior": "learned", **game})


@functools.cache
def started(frequencies=None, **game):
    built = samm.build(config(**game), SHAPE, 1, frequencies)
    return built, start(built)


def batch(n=6):
    x, x_labelled = jax.random.uniform(jax.random.key(1), (2, n, *SHAPE))
    label = np.resize(LABEL, n)
    # Labels of x are there, and none of the game's business.
    return {"x": x, "label": label[::-1], "x_labelled": x_labelled, "label_labelled": label}


RARE = 1e-7
ALL_ZERO = (1 - 2 * RARE, RARE, RARE)


@pytest.mark.parametrize(
    ("inference", "prior", "frequencies"), [("q1", "fixed", ALL_ZERO), ("q2", "learned", None)]
)
def test_losses_are_those_of_algorithm_2(inference, prior, frequencies, monkeypatch):
    def penalty(discriminate, inferred, synthesised, alpha):
        """Tells the games and their sides apart."""
        assert callable(discriminate)
        return alpha**0 * (inferred[0].sum(axis=(1, 2, 3)) + 2 * synthesised[2].sum(axis=1))

    monkeypatch.setattr(adversarial_mixture.losses, "gradient_penalty", penalty)
    game, state = started(frequencies, inference=inference, prior=prior, gradient_penalty=3.0)
    losses, metrics, uses = play_phase(game, state, "samm", batch())
    (q_u, rho_q_u), (p_u, rho_p_u), (q_l, rho_q_l), (p_l, rho_p_l) = (
        (triple, jax.nn.sigmoid(logit)) for triple, logit in uses["discriminator"]
    )
    np.testing.assert_array_equal(q_u[0], batch()["x"])
    assert len(np.unique(np.asarray(q_u[1]))) > 3  # inferred: probabilities
    np.testing.assert_array_equal(q_l[0], batch()["x_labelled"])
    np.testing.assert_array_equal(q_l[1], np.eye(3)[LABEL])  # given
    for triple in (p_u, p_l):
        assert set(np.unique(triple[1])) == {0.0, 1.0}
        if frequencies:
            assert np.all(triple[1][:, 0] == 1)
    assert not np.array_equal(p_u[2], p_l[2])  # synthesis draws for each game

    def half(*rhos):
        return sum(-jnp.log(rho).mean() for rho in rhos) / 2

    ones = jnp.ones(6)
    penalties = [penalty(print, *pair, ones).mean() for pair in ((q_u, p_u), (q_l, p_l))]
    of_d = half(rho_q_u, rho_q_l, 1 - rho_p_u, 1 - rho_p_l) + 3 * sum(penalties) / 2
    of_p = half(rho_p_u, rho_p_l)
    expected = {
        "discriminator": of_d,
        "decoder": of_p,
        "encoder": half(1 - rho_q_u, 1 - rho_q_l),
        "label_reader": half(1 - rho_q_l),
    } | ({"prior": of_p} if prior == "learned" else {})
    assert set(losses) == set(expected)
    for name, loss in losses.items():
        np.testing.assert_allclose(loss, expected[name], rtol=1e-5, err_msg=name)
    np.testing.assert_allclose(metrics["d_q_labelled"], rho_q_l.mean(), rtol=1e-5)
    found = metrics["gradient_penalty"], metrics["gradient_penalty_labelled"]
    np.testing.assert_allclose(found, penalties, rtol=1e-5)


def test_the_labelled_game_has_a_player_of_its_own():
    game, _ = started(gradient_penalty=0.0)
    assert {"encoder", "decoder", "discriminator", "prior", "label_reader"} == set(game.players)


@pytest.mark.parametrize("inference", ["q1", "q2"])
def test_the_labelled_game_reads_the_given_y_and_leaves_the_ys_branch_alone(inference):
    game, state = started(inference=inference)
    x = batch()["x"][:2]

    @jax.jit
    def run(params, y):
        play = Play(game.players, params, state.batch_stats, None, train=False)
        return adversarial_mixture.infer_given(play, x, y, draw=False)["z"]

    y = jnp.eye(3)[:2]
    assert not np.allclose(run(state.params, y), run(state.params, y[::-1]), atol=1e-6)
    slope = jax.jit(jax.grad(lambda params: jnp.sum(run(params, y) ** 2)))(state.params)
    reached = {
        name: bool(np.any([np.abs(leaf).max() > 0 for leaf in jax.tree.leaves(layer)]))
        for name, layer in slope["encoder"].items()
    }
    # Convolutions and norms are made in pairs, the leader's first; then heads of y, heads of z.
    of_z = 1 if inference == "q1" else 0
    kernels = sorted((n for n in reached if n.startswith("Conv")), key=lambda n: int(n[5:]))
    assert [reached[n] for n in kernels] == [i % 2 == of_z for i in range(len(kernels))]
    # The variance is not in the mean.
    assert [reached[f"Dense_{i}"] for i in range(4)] == [False, False, True, False]
    assert all(np.abs(leaf).max() > 0 for leaf in jax.tree.leaves(slope["label_reader"]))


def test_running_statistics_of_the_encoder_are_those_of_the_unlabelled_game():
    game, state = started(gradient_penalty=0.0)

    @jax.jit
    def statistics(x_labelled):
        play = Play(game.players, state.params, state.batch_stats, jax.random.key(2), train=True)
        game.phases[0].loss_fn(play, {**batch(), "x_labelled": x_labelled})
        return play.batch_stats["encoder"]

    one, other = statistics(batch()["x_labelled"]), statistics(jnp.zeros((6, *SHAPE)))
    jax.tree.map(np.testing.assert_array_equal, one, other)
    before = jax.tree.leaves(state.batch_stats["encoder"])
    assert any(not np.array_equal(a, b) for a, b in zip(before, jax.tree.leaves(one), strict=True))


def test_classes_are_as_frequent_as_among_the_labels():
    game, state = started(FREQUENCIES, prior="fixed")
    code = infer(game, state, "prior", np.full(6000, -1, np.int32))
    np.testing.assert_allclose(np.mean(code["y"], axis=0), FREQUENCIES, atol=0.02)
    equal, _ = started(prior="fixed")
    z = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    difference = infer(game, state, "log_joint", z) - infer(equal, state, "log_joint", z)
    expected = np.log(3 * np.array(FREQUENCIES))[None]
    np.testing.assert_allclose(difference, np.tile(expected, (5, 1)), atol=1e-4)


def test_a_run_hands_the_frequencies_of_its_labels_to_the_game(tmp_path, toy, monkeypatch):
    build, seen = METHODS["toy"].build, []

    def build_and_keep(config, shape, steps_per_epoch, class_frequencies):
        seen.append(class_frequencies)
        return replace(build(config, shape, steps_per_epoch), reads_labelled_subset=True)

    method = Method(build_and_keep, "Second", "No paper", reads_frequencies=True)
    monkeypatch.setitem(METHODS, "second", method)
    one = toy.config(method="second", steps=1)
    one.data.update({"labelled": 20, "labelled_balanced": False})
    dataset = load(one.data)
    train(one, tmp_path, dataset)
    load_trials(one, tmp_path)  # long after the data are gone
    label = dataset.train.label[dataset.labelled]
    expected = np.bincount(label, minlength=10) / 20
    assert len(set(expected)) > 1
    assert len(seen) == 2
    for frequencies in seen:
        np.testing.assert_allclose(frequencies, expected, rtol=1e-6)


def test_two_devices_play_the_game_of_one():
    game, state = started(gradient_penalty=0.0)
    whole, split = (losses_on_devices(game, state, batch(), devices) for devices in (1, 2))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4), whole, split)


def test_impossible_options():
    one = config()
    one.data.labelled = 0
    with pytest.raises(UserError, match="method samm learns from labels too: set data.labelled"):
        samm.build(one, SHAPE, 1)
    with pytest.raises(UserError, match="game.components is 3: the labels are of 2 classes"):
        samm.build(config(), SHAPE, 1, (0.5, 0.5))
    with pytest.raises(UserError, match="no label is of class 1, so p.y. would leave it out"):
        samm.build(config(), SHAPE, 1, (0.5, 0.0, 0.5))
    with pytest.raises(UserError, match="game.inference is 'q3': choose one of q1, q2"):
        samm.build(config(inference="q3"), SHAPE, 1)

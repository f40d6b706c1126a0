"""The learned prior: who moves when, the losses by hand, lambda, inference, baselines, bad options.

The game is played by small fully connected networks; those of the tables are tested where they are,
and play in the contract's tests.
"""

import dataclasses
import functools
from unittest import mock

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.methods import learned_prior
from aae_jax.networks import learned_prior as networks
from aae_jax.networks.layers import Dense
from aae_jax.networks.mlp import MLP
from aae_jax.step import make_train_step
from tests.configs import test_config
from tests.methods.tools import (
    Recorder,
    infer,
    losses_on_devices,
    moved_players,
    play_phase,
    start,
)

SHAPE = (32, 32, 1)
K, NOISE = 3, 4
D = 5  # of a sentence embedding
LABEL = np.array([0, 1, 2, 2, 1, 0], np.int32)
AAE = {"code_discriminator", "encoder", "decoder"}


class Judge(nn.Module):
    """D_I, F and Q with a layer each."""

    guesses: int

    @nn.compact
    def __call__(self, x, *condition, train):
        features = jnp.tanh(Dense(5, 0.1)(x.reshape(x.shape[0], -1)))
        guess = Dense(self.guesses, 1.0)(features) if self.guesses else None
        logits = sum(Dense(1, 1.0)(part)[:, 0] for part in (features, *condition))
        return networks.Judgement(logits, features, guess)


def small_networks(channels, code, noise, guesses, *, width):
    """Quick stand-ins for `networks.networks`."""
    mlp = functools.partial(MLP, (8,), stddev=0.3)
    return networks.Networks(
        functools.partial(mlp, batch_norm=True),
        mlp(output=(32, 32, channels), activation=jnp.tanh),
        mlp(output=(code,), batch_norm=True),
        Judge(guesses),
        mlp(output=()),
    )


KINDS = {
    "learned": {},
    "label": {"condition": "label"},
    "categorical": {"condition": "categorical"},
    "text": {"condition": "text", "sentence": D},
    "fixed label": {"prior": "fixed", "condition": "label"},
    "fixed text": {"prior": "fixed", "condition": "text", "sentence": D},
    "plain": {"prior": "fixed", "similarity": "pixels"},
    "plain gaussian": {"prior": "fixed", "similarity": "pixels", "posterior": "gaussian"},
}


def config(**game):
    one = test_config("learned_prior_mnist")
    width = NOISE + {"none": 0, "text": D}.get(game.get("condition", "none"), K)
    code = width if game.get("prior") == "fixed" else 6
    one.game.update({"code": code, "noise": NOISE, "components": K, **game})
    image_game = one.game.similarity != "pixels"
    one.optimizer = learned_prior.optimizer(image_game=image_game)
    return one


def build(one, shape=SHAPE):
    with mock.patch.object(networks, "networks", small_networks):
        return learned_prior.build(one, shape, steps_per_epoch=1)


@functools.cache
def started(kind, **game):
    built = build(config(**KINDS[kind], **game))
    return built, start(built)


def batch(n=6):
    x = jax.random.uniform(jax.random.key(1), (n, *SHAPE), minval=-1.0)
    sentence = jax.random.normal(jax.random.key(7), (n, D))
    return {"x": x, "label": jnp.asarray(np.resize(LABEL, n)), "caption": sentence}


def flat(tree):
    return np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(tree)])


def log_d(logits):
    return np.log(jax.nn.sigmoid(logits)).mean()


def log_1_d(logits):
    return np.log(1 - jax.nn.sigmoid(logits)).mean()


@pytest.mark.parametrize("kind", KINDS)
def test_who_plays(kind):
    """Algorithm 1: CG and D_I are fixed in the first phase, the encoder and D_C in the second."""
    expected = {"aae": AAE}
    if "plain" not in kind:
        expected["prior_improvement"] = {"image_discriminator", "decoder"}
    if KINDS[kind].get("prior") != "fixed":
        expected["prior_improvement"] |= {"code_generator"}
    game = build(config(**KINDS[kind]))
    assert {phase.name: set(phase.optimizers) for phase in game.phases} == expected
    assert set(game.players) == set.union(*expected.values())


def test_each_phase_updates_its_players_and_no_others():
    """No loss reaches F in the first phase, though both its losses pass through it."""
    game, state = started("label")
    for phase in game.phases:
        moved = moved_players(game, state, phase.name, batch())
        assert moved == set(phase.optimizers), phase.name


def test_the_aae_phase_by_hand():
    """Eq. 5, and L_rec in D_I's features, squared and summed over an example."""
    game, state = started("label", reconstruction=0.3)
    reported, metrics, uses = play_phase(game, state, "aae", batch())
    (((s, noise), z_c),) = uses["code_generator"]
    np.testing.assert_array_equal(s, np.eye(K)[LABEL])
    assert noise.shape == (6, NOISE)
    (((x,), z),) = uses["encoder"]
    (((decoded,), x_rec),) = uses["decoder"]
    np.testing.assert_array_equal(x, batch()["x"])
    np.testing.assert_array_equal(decoded, z)
    ((real_in,), real), ((fake_in,), fake) = uses["code_discriminator"]
    np.testing.assert_array_equal(real_in, z_c)
    np.testing.assert_array_equal(fake_in, z)
    by_image = {bool(np.array_equal(i[0], x)): out for i, out in uses["image_discriminator"]}
    assert len(uses["image_discriminator"]) == 2
    assert any(np.array_equal(i[0], x_rec) for i, _ in uses["image_discriminator"])
    squares = (by_image[True].features - by_image[False].features) ** 2
    loss_rec = 0.3 * squares.sum(axis=1).mean()
    expected = {
        "code_discriminator": -log_d(real) - log_1_d(fake),
        "encoder": loss_rec - log_d(fake),
        "decoder": loss_rec,
    }
    assert set(reported) == set(expected)
    for player, loss in expected.items():
        np.testing.assert_allclose(reported[player], loss, rtol=1e-4, err_msg=player)
    np.testing.assert_allclose(metrics["d_z"], jax.nn.sigmoid(fake).mean(), rtol=1e-5)
    np.testing.assert_allclose(metrics["mse"], ((x - x_rec) ** 2).mean(), rtol=1e-5)


def test_the_code_discriminator_may_compare_codes_with_their_condition():
    """The prior's codes and the encoder's, each beside the label of the same image."""
    game, state = started("label", matched="codes_and_condition")
    reported, _, uses = play_phase(game, state, "aae", batch())
    ((_, z_c),) = uses["code_generator"]
    ((_, z),) = uses["encoder"]
    (seen_real, real), (seen_fake, fake) = uses["code_discriminator"]
    for seen, code in ((seen_real, z_c), (seen_fake, z)):
        np.testing.assert_array_equal(seen[0], code)
        np.testing.assert_array_equal(seen[1], np.eye(K)[LABEL])
    loss = -log_d(real) - log_1_d(fake)
    np.testing.assert_allclose(reported["code_discriminator"], loss, rtol=1e-4)


@pytest.mark.parametrize("kind", ["learned", "label", "categorical"])
def test_the_prior_improvement_phase_by_hand(kind):
    """Algorithm 1's L_I with its two negatives, and the information by Q's likelihood of s."""
    game, state = started(kind, information=0.7)
    reported, metrics, uses = play_phase(game, state, "prior_improvement", batch())
    ((noise, z_c),) = uses["code_generator"]
    ((_, z),) = uses["encoder"]
    assert uses["code_discriminator"] == []
    ((made_of,), made_x), ((rec_of,), rec_x) = uses["decoder"]
    np.testing.assert_array_equal(made_of, z_c)
    np.testing.assert_array_equal(rec_of, z)
    seen, judged = zip(*uses["image_discriminator"], strict=True)
    for inputs, image in zip(seen, (batch()["x"], made_x, rec_x), strict=True):
        np.testing.assert_array_equal(inputs[0], image)
        assert len(inputs) == (2 if kind == "label" else 1)
        for s in inputs[1:]:  # as the code generator, D_I reads the label
            np.testing.assert_array_equal(s, np.eye(K)[LABEL])
            np.testing.assert_array_equal(s, noise[0])
    real, made, rec = (one.logits for one in judged)
    information = 0.0
    if kind != "learned":
        s = noise[0]
        np.testing.assert_array_equal(s.sum(axis=1), np.ones(6))
        log_q = np.log(jax.nn.softmax(judged[1].guess))[np.arange(6), s.argmax(axis=1)]
        np.testing.assert_allclose(metrics["condition_nll"], -log_q.mean(), rtol=1e-4)
        information = -0.7 * log_q.mean()
    expected = {
        "image_discriminator": -log_d(real) - log_1_d(made) - log_1_d(rec) + information,
        "decoder": -log_d(made) - log_d(rec) + information,
        "code_generator": -log_d(made) + information,
    }
    assert set(reported) == set(expected)
    for player, loss in expected.items():
        np.testing.assert_allclose(reported[player], loss, rtol=1e-4, err_msg=player)
    np.testing.assert_allclose(metrics["d_made"], jax.nn.sigmoid(made).mean(), rtol=1e-5)
    np.testing.assert_allclose(metrics["d_rec"], jax.nn.sigmoid(rec).mean(), rtol=1e-5)


def test_a_caption_conditions_the_prior_and_the_image_discriminator_as_a_label_does():
    """Section 4.3: "as if it were the label information"."""
    game, state = started("text", information=0.3)
    sentence = batch()["caption"]
    *_, uses = play_phase(game, state, "aae", batch())
    (((s, noise), _),) = uses["code_generator"]
    np.testing.assert_array_equal(s, sentence)
    assert noise.shape == (6, NOISE)
    reported, metrics, uses = play_phase(game, state, "prior_improvement", batch())
    (((s, _), _),) = uses["code_generator"]
    np.testing.assert_array_equal(s, sentence)
    seen, judged = zip(*uses["image_discriminator"], strict=True)
    for inputs in seen:  # as long as a one-hot label is, for embeddings of deviation 1
        np.testing.assert_allclose(inputs[1], sentence / np.sqrt(D), rtol=1e-6)
    real, made, rec = (one.logits for one in judged)
    # -log N(s; guess, 1), summed over the dimensions.
    squares = ((sentence - judged[1].guess) ** 2).sum(axis=1)
    nll = (0.5 * squares + 0.5 * D * np.log(2 * np.pi)).mean()
    np.testing.assert_allclose(metrics["condition_nll"], nll, rtol=1e-4)
    expected = {
        "image_discriminator": -log_d(real) - log_1_d(made) - log_1_d(rec) + 0.3 * nll,
        "decoder": -log_d(made) - log_d(rec) + 0.3 * nll,
        "code_generator": -log_d(made) + 0.3 * nll,
    }
    for player, loss in expected.items():
        np.testing.assert_allclose(reported[player], loss, rtol=1e-4, err_msg=player)


def test_the_image_discriminator_refuses_real_images_with_another_s():
    """An image whose neighbour has the same label is no example of it."""
    game, state = started("label", mismatch=0.6)
    plain, _ = started("label")
    reported, metrics, uses = play_phase(game, state, "prior_improvement", batch())
    without, *_ = play_phase(plain, state, "prior_improvement", batch())
    (x, s), judged = uses["image_discriminator"][-1]
    np.testing.assert_array_equal(x, batch()["x"])
    np.testing.assert_array_equal(s, np.eye(K)[[1, 2, 2, 1, 0, 0]])
    differs = np.array([1, 1, 0, 1, 1, 0])  # LABEL is 0, 1, 2, 2, 1, 0
    belief = jax.nn.sigmoid(judged.logits)
    np.testing.assert_allclose(metrics["d_mismatched"], belief.mean(), rtol=1e-5)
    refused = -(differs * np.log(1 - belief)).mean()
    expected = {**without, "image_discriminator": without["image_discriminator"] + 0.6 * refused}
    for player, loss in expected.items():
        np.testing.assert_allclose(reported[player], loss, rtol=1e-4, err_msg=player)


def test_the_same_seed_and_another_caption_have_the_same_noise():
    """Fig. 14: one noise, other words."""
    game, state = started("text")

    @jax.jit
    def read(sentence):
        key = jax.random.key(5)
        play = Recorder(game.players, state.params, state.batch_stats, key, train=False)
        code = game.inference["caption_prior"](play, sentence)
        ((_, inputs, output),) = play.calls
        return inputs, output, code["z"]

    sentence = batch()["caption"]
    (s, noise), z_c, z = read(sentence)
    (other_s, other_noise), _, other_z = read(-sentence)
    np.testing.assert_array_equal(s, sentence)
    np.testing.assert_array_equal(other_s, -sentence)
    np.testing.assert_array_equal(noise, other_noise)
    np.testing.assert_array_equal(z, z_c)
    assert np.abs(z - other_z).max(axis=1).min() > 0


def test_a_game_of_captions_reads_no_labels_and_draws_no_captions_of_its_own():
    game, _ = started("text")
    assert (game.sentence, game.vocabulary, game.components, game.classes) == (D, 0, 0, 0)
    assert set(game.inference) == {"encode", "decode", "caption_prior"}
    fixed, state = started("fixed text")
    sentence = batch()["caption"]
    z = infer(fixed, state, "caption_prior", sentence)["z"]
    np.testing.assert_array_equal(z[:, :D], sentence)


def test_a_categorical_condition_is_uniform_and_ignores_the_labels():
    game, state = started("categorical")
    *_, uses = play_phase(game, state, "aae", batch(900))
    s, noise = uses["code_generator"][0][0]
    assert set(np.unique(s)) == {0.0, 1.0}
    np.testing.assert_allclose(s.mean(axis=0), 1 / K, atol=0.06)
    np.testing.assert_allclose(np.cov(noise, rowvar=False), np.eye(NOISE), atol=0.2)
    assert (game.classes, game.components) == (0, K)
    assert started("label")[0].classes == K


def test_the_codes_of_a_fixed_prior_are_condition_and_noise():
    """Section 4.2.1: a one-hot vector and standard normal noise; all else stays."""
    game, state = started("fixed label")
    *_, uses = play_phase(game, state, "aae", batch(900))
    ((z_c,), _), _ = uses["code_discriminator"]
    np.testing.assert_array_equal(z_c[:, :K], np.eye(K)[np.resize(LABEL, 900)])
    np.testing.assert_allclose(np.cov(z_c[:, K:], rowvar=False), np.eye(NOISE), atol=0.2)
    reported, metrics, uses = play_phase(game, state, "prior_improvement", batch())
    ((made_of,), _), _ = uses["decoder"]
    np.testing.assert_array_equal(made_of[:, :K], np.eye(K)[LABEL])
    judged = [out for _, out in uses["image_discriminator"]]
    loss = -log_d(judged[1].logits) - log_d(judged[2].logits) + metrics["condition_nll"]
    np.testing.assert_allclose(reported["decoder"], loss, rtol=1e-4)


@pytest.mark.parametrize("kind", ["plain", "plain gaussian"])
def test_the_plain_autoencoder_compares_pixels(kind):
    game, state = started(kind, reconstruction=0.3)
    reported, _, uses = play_phase(game, state, "aae", batch())
    ((_, q),) = uses["encoder"]
    (((z,), x_rec),) = uses["decoder"]
    if kind == "plain":
        np.testing.assert_array_equal(z, q)
    else:  # re-parametrised: mean + std * eps
        eps = (z - q[:, 0]) / np.exp(q[:, 1] / 2)
        assert 0.3 < np.abs(eps).mean() < 2
    loss = 0.3 * ((x_rec - batch()["x"]) ** 2).sum(axis=(1, 2, 3)).mean()
    np.testing.assert_allclose(reported["decoder"], loss, rtol=1e-4)


def test_lambda_scales_the_decoder_s_update_and_no_other():
    """Under Adam too, which would cancel a factor of the loss."""

    def moves(weight):
        game, state = started("learned", decoder_weight=weight)
        alone = dataclasses.replace(game, phases=game.phases[:1])
        new, _ = jax.jit(make_train_step(alone))(state, batch(), jax.random.key(3))
        return {name: flat(new.params[name]) - flat(state.params[name]) for name in AAE}

    full, half = moves(1.0), moves(0.5)
    for name in AAE:
        assert np.abs(full[name]).max() > 1e-5
        scale = 0.5 if name == "decoder" else 1.0
        np.testing.assert_allclose(half[name], scale * full[name], atol=1e-6)


@pytest.mark.parametrize("kind", ["label", "categorical"])
def test_the_same_seed_and_another_component_have_the_same_noise(kind):
    """Figs. 8 and 11: a row has one noise."""
    game, state = started(kind)

    @jax.jit
    def read(component):
        key = jax.random.key(5)
        play = Recorder(game.players, state.params, state.batch_stats, key, train=False)
        code = game.inference["prior"](play, component)
        ((player, inputs, output),) = play.calls
        assert player == "code_generator"
        return inputs, output, code["z"]

    (s, noise), z_c, z = read(np.zeros(5, np.int32))
    (other_s, other_noise), _, other_z = read(np.full(5, 2, np.int32))
    (any_s, any_noise), _, _ = read(np.full(5, -1, np.int32))
    np.testing.assert_array_equal(z, z_c)
    np.testing.assert_array_equal(s, np.eye(K)[[0] * 5])
    np.testing.assert_array_equal(other_s, np.eye(K)[[2] * 5])
    np.testing.assert_array_equal(any_s.sum(axis=1), np.ones(5))
    for another in (other_noise, any_noise):
        np.testing.assert_array_equal(noise, another)
    assert np.abs(z - other_z).min() > 0


def test_inference():
    x = batch()["x"]
    game, state = started("label")
    probability = infer(game, state, "predict", x)
    np.testing.assert_allclose(probability.sum(axis=1), np.ones(6), rtol=1e-5)
    *_, uses = play_phase(game, state, "prior_improvement", batch())  # Judge is one in training
    guess = uses["image_discriminator"][0][1].guess
    np.testing.assert_allclose(probability, jax.nn.softmax(guess), rtol=1e-4)
    code = infer(game, state, "encode", x)
    assert code["z"].shape == (6, 6)
    assert infer(game, state, "decode", code).shape == x.shape
    assert "posterior" not in game.inference
    assert "predict" not in started("learned")[0].inference

    game, state = started("plain gaussian")
    centre = infer(game, state, "encode", x)["z"]
    draws = [infer(game, state, "posterior", x, seed=seed)["z"] for seed in (1, 2)]
    assert np.abs(draws[0] - draws[1]).min() > 0
    np.testing.assert_array_equal(centre, infer(game, state, "encode", x, seed=1)["z"])


@pytest.mark.slow  # what the games of a family share is tested with another of them
def test_eight_devices_play_the_game_of_one():
    game, state = started("label", mismatch=0.6)
    one, eight = (losses_on_devices(game, state, batch(16), devices) for devices in (1, 8))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4), one, eight)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"condition": "word"}, "game.condition is 'word': choose one of none, label, categorical"),
        ({"condition": "text", "sentence": 0}, "game.sentence is 0: it must be at least 1"),
        ({"prior": "flow"}, "game.prior is 'flow': choose one of learned, fixed"),
        ({"similarity": "ssim"}, "game.similarity is 'ssim': choose one of features, pixels"),
        ({"posterior": "implicit"}, "game.posterior is 'implicit': choose one of deterministic, g"),
        ({"code": 0}, "game.code is 0: it must be at least 1"),
        ({"noise": 0}, "game.noise is 0: it must be at least 1"),
        ({"components": 1}, "game.components is 1: it must be at least 2"),
        ({"reconstruction": 0.0}, "game.reconstruction is 0.0: it must be positive"),
        ({"decoder_weight": -1.0}, "game.decoder_weight is -1.0: it must be positive"),
        ({"information": 0.0}, "game.information is 0.0: it must be positive"),
        ({"matched": "images"}, "game.matched is 'images': choose one of codes, codes_and_cond"),
        (
            {"matched": "codes_and_condition", "condition": "categorical"},
            "with game.condition=categorical images come without a condition: set game.matched=cod",
        ),
        ({"mismatch": -1.0}, "game.mismatch is -1.0: it must be at least 0"),
        ({"mismatch": 1.0}, "with game.condition=none real images come without an s to exchange"),
        (
            {"mismatch": 1.0, "condition": "categorical"},
            "set game.mismatch=0, or game.condition=label or text",
        ),
        ({"similarity": "pixels"}, "set game.prior=fixed and game.condition=none, or"),
        (
            {"similarity": "pixels", "prior": "fixed", "condition": "label"},
            "no image discriminator to learn a prior or a condition from",
        ),
        ({"prior": "fixed", "code": 9}, "noise and condition, 4 numbers: set game.code=4"),
        (
            {"prior": "fixed", "code": 8, "condition": "text", "sentence": D},
            "noise and condition, 9 numbers: set game.code=9",
        ),
        (
            {"prior": "fixed", "code": 9, "condition": "label"},
            "noise and condition, 7 numbers: set game.code=7",
        ),
    ],
)
def test_impossible_options(change, message):
    with pytest.raises(UserError, match=message):
        build(config(**change))


def test_what_does_not_fit():
    with pytest.raises(UserError, match="takes 32x32 images but the data has shape"):
        build(config(), shape=(28, 28, 1))
    one = config()
    one.data.value_range = (0.0, 2.0)
    with pytest.raises(UserError, match=r"makes pixels in \(-1, 1\)"):
        build(one)
    one = config(**KINDS["plain"])
    one.optimizer = learned_prior.optimizer()
    with pytest.raises(UserError, match="prior_improvement: this game's phases are aae$"):
        build(one)

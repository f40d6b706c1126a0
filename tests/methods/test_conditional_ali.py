"""Conditional ALI: its losses, an encoder that reads labels, its priors, bad options."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.inference import GameFunctions, models_from_state
from aae_jax.methods import conditional_ali
from tests.configs import test_config
from tests.methods.small_mixture import SHAPE, small_table, use_small_table  # noqa: F401
from tests.methods.tools import infer, losses_on_devices, play_phase, start

LABEL = np.array([0, 1, 2, 2, 1, 1], np.int32)


def config(**game):
    one = test_config("conditional_ali_mnist")
    return use_small_table(one, **{"gradient_penalty": 0.0, **game})


@functools.cache
def started(**game):
    built = conditional_ali.build(config(**game), SHAPE, 1)
    return built, start(built)


def batch():
    return {"x": jax.random.uniform(jax.random.key(1), (6, *SHAPE)), "label": LABEL}


def test_labels_are_given_to_inference_and_drawn_in_synthesis():
    game, state = started()
    losses, _, uses = play_phase(game, state, "conditional_ali", batch())
    (q, logit_q), (p, logit_p) = uses["discriminator"]
    rho_q, rho_p = jax.nn.sigmoid(logit_q), jax.nn.sigmoid(logit_p)
    np.testing.assert_array_equal(q[0], batch()["x"])
    np.testing.assert_array_equal(q[1], np.eye(3)[LABEL])
    assert set(np.unique(p[1])) == {0.0, 1.0}
    of_q = -jnp.log(1 - rho_q).mean()
    expected = {
        "discriminator": -jnp.log(rho_q).mean() - jnp.log(1 - rho_p).mean(),
        "decoder": -jnp.log(rho_p).mean(),
        "encoder": of_q,
        "label_reader": of_q,
    }
    assert set(losses) == set(expected)
    for name, loss in losses.items():
        np.testing.assert_allclose(loss, expected[name], rtol=1e-5, err_msg=name)


def test_the_encoder_infers_no_y():
    _, state = started()
    layers = state.params["encoder"]
    assert sum(name.startswith("Conv") for name in layers) == 1  # one branch of the table
    widths = {layers[name]["Dense_0"]["kernel"].shape[1] for name in layers if "Dense" in name}
    assert widths == {4}  # heads of z alone


def test_a_model_encodes_images_with_their_labels():
    game, state = started()
    model = models_from_state(config(), GameFunctions(game), jax.device_get(state))[0]
    x = np.asarray(batch()["x"])
    code, other = model.encode(x, label=LABEL), model.encode(x, label=LABEL[::-1])
    np.testing.assert_array_equal(code["y"], np.eye(3)[LABEL])
    assert np.abs(code["z"] - other["z"]).max() > 1e-6
    drawn = [model.encode(x, seed=seed, label=LABEL)["z"] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert np.abs(drawn[0] - drawn[2]).max() > 0.1
    assert model.reconstruct(x, label=LABEL).shape == x.shape
    with pytest.raises(UserError, match="reads labels: pass label="):
        model.encode(x)


def test_classes_are_as_frequent_as_among_the_labels():
    frequencies = (0.2, 0.3, 0.5)
    game = conditional_ali.build(config(), SHAPE, 1, frequencies)
    code = infer(game, start(game), "prior", np.full(6000, -1, np.int32))
    np.testing.assert_allclose(np.mean(code["y"], axis=0), frequencies, atol=0.02)


@pytest.mark.parametrize(("prior", "spread"), [("independent", 0.0), ("fixed", 3.0)])
def test_z_is_independent_of_y_or_a_mixture(prior, spread):
    game, state = started(prior=prior, prior_radius=3.0)
    component = np.repeat(np.arange(3, dtype=np.int32), 3000)
    code = infer(game, state, "prior", component)
    z = np.asarray(code["z"]).reshape(3, 3000, 4)
    np.testing.assert_array_equal(np.argmax(code["y"], axis=1), component)
    np.testing.assert_allclose(np.linalg.norm(z.mean(axis=1), axis=1), spread, atol=0.15)
    np.testing.assert_allclose(z.std(axis=1), 1.0, atol=0.06)


@pytest.mark.slow  # what the games of a family share is tested with another of them
def test_two_devices_play_the_game_of_one():
    game, state = started()
    whole, split = (losses_on_devices(game, state, batch(), devices) for devices in (1, 2))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4), whole, split)


def test_impossible_options():
    with pytest.raises(UserError, match="game.prior is 'none': choose one of learned, fixed, ind"):
        conditional_ali.build(config(prior="none"), SHAPE, 1)


def test_the_discriminator_sees_draws_of_z_and_not_its_mean():
    game, state = started()
    *_, uses = play_phase(game, state, "conditional_ali", batch())
    (pair_of_q, _), _ = uses["discriminator"]
    _, centre = uses["encoder"][0]
    noise = (pair_of_q[2] - centre.z_mean) / np.exp(centre.z_logvar / 2)
    assert 0.5 < np.std(noise) < 1.5
    assert len(np.unique(noise)) == noise.size

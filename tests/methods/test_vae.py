"""VAE: its loss by hand, the divergence against numbers, priors it cannot have."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import priors
from aae_jax.errors import UserError
from aae_jax.methods import vae
from tests.configs import test_config
from tests.methods.tools import infer, learn, moved_players, play_phase, start, use_digits

SHAPE = (4, 4, 1)


def config(prior=None):
    config = test_config("vae_mnist")
    config.network.init_std = 0.3
    if prior is not None:
        config.game.prior = prior
    return config


@functools.cache
def started():
    game = vae.build(config(priors.gaussian(2, std=2.0)), SHAPE, steps_per_epoch=1)
    return game, start(game)


def test_the_loss_is_reconstruction_and_divergence():
    game, state = started()
    x = jax.random.uniform(jax.random.key(1), (6, *SHAPE))
    losses, metrics, uses = play_phase(game, state, "vae", {"x": x})
    mean, logvar = np.moveaxis(np.asarray(uses["encoder"][0][1]), 1, 0)
    logits = np.asarray(uses["decoder"][0][1])
    p = 1 / (1 + np.exp(-logits))
    nll = -(x * np.log(p) + (1 - x) * np.log(1 - p)).reshape(6, -1).sum(axis=1).mean()
    np.testing.assert_allclose(metrics["nll"], nll, rtol=1e-4)
    # KL(N(m, s^2) || N(0, 4)) = log(2 / s) + (s^2 + m^2) / 8 - 1/2 in each dimension.
    var = np.exp(logvar)
    kl = (np.log(2) - logvar / 2 + (var + mean**2) / 8 - 0.5).sum(axis=1).mean()
    np.testing.assert_allclose(metrics["kl"], kl, rtol=1e-4)
    for player in ("encoder", "decoder"):
        np.testing.assert_allclose(losses[player], nll + kl, rtol=1e-4)
    assert moved_players(game, state, "vae", {"x": x}) == {"encoder", "decoder"}


def test_the_decoder_reads_draws_from_the_posterior():
    game, state = started()
    x = jnp.full((4000, *SHAPE), 0.5)
    *_, uses = play_phase(game, state, "vae", {"x": x})
    mean, logvar = uses["encoder"][0][1][0]
    ((z,), _) = uses["decoder"][0]
    std = np.exp(logvar / 2)
    np.testing.assert_allclose((z.mean(axis=0) - mean) / std, 0, atol=4 / np.sqrt(4000))
    np.testing.assert_allclose(z.std(axis=0), std, rtol=0.05)


def test_the_estimate_agrees_with_the_closed_form():
    """The same Gaussian prior, once with its closed form and once without."""

    class Dense(priors.Gaussian):
        kl = None

    moments = [jnp.tile(jnp.array([row]), (20_000, 1)) for row in ([0.5, -1.0], [-1.0, 0.3])]
    z = moments[0] + jnp.exp(moments[1] / 2) * jax.random.normal(jax.random.key(0), (20_000, 2))
    exact, estimate = (
        vae.divergence(prior, *moments, z) for prior in (priors.Gaussian(2, 1.5), Dense(2, 1.5))
    )
    assert np.ptp(exact) == 0
    assert np.std(estimate) > 0.1
    np.testing.assert_allclose(estimate.mean(), exact[0], atol=4 * estimate.std() / 20_000**0.5)


def test_the_estimate_for_the_mixture_agrees_with_an_integral():
    prior = priors.Mixture()
    mean, std = np.array([1.0, 0.3]), np.array([0.2, 0.1])
    # A fine grid over eight standard deviations of q.
    axes = [np.linspace(m - 8 * s, m + 8 * s, 161) for m, s in zip(mean, std, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2).astype(np.float32)
    log_q = (-0.5 * ((grid - mean) / std) ** 2 - np.log(std * np.sqrt(2 * np.pi))).sum(axis=1)
    area = (axes[0][1] - axes[0][0]) * (axes[1][1] - axes[1][0])
    exact = np.sum(np.exp(log_q) * (log_q - prior.log_prob(jnp.asarray(grid)))) * area

    n = 20_000
    moments = [
        jnp.tile(jnp.asarray(row, jnp.float32)[None], (n, 1)) for row in (mean, 2 * np.log(std))
    ]
    z = moments[0] + jnp.exp(moments[1] / 2) * jax.random.normal(jax.random.key(0), (n, 2))
    estimate = vae.divergence(prior, *moments, z)
    np.testing.assert_allclose(estimate.mean(), exact, atol=4 * estimate.std() / np.sqrt(n))


def test_images_are_probabilities():
    game, state = started()
    z = jnp.array([[0.0, 1.0], [40.0, -40.0]])
    image = infer(game, state, "decode", {"z": z})
    assert 0 <= image.min() <= image.max() <= 1
    assert np.ptp(image) > 0.1


def test_the_bound_falls_on_the_digits():
    one = test_config("vae_mnist")
    dataset = use_digits(one)
    game = vae.build(one, dataset.example_shape, steps_per_epoch=14)
    _, report = learn(game, dataset, steps=1000)
    nll, kl = (report[name] for name in ("nll", "kl"))
    print(f"nll {nll[0]:.1f} to {nll[-1]:.1f}, kl {kl[-1]:.2f}")
    assert nll[-20:].mean() + kl[-20:].mean() < nll[0] + kl[0] - 10
    assert kl[-20:].mean() > 1  # the code is used


@pytest.mark.parametrize("name", ["swiss_roll", "categorical"])
def test_priors_without_a_density_are_refused(name):
    prior = {"swiss_roll": priors.swiss_roll(), "categorical": priors.categorical(3)}[name]
    with pytest.raises(UserError, match=f"game.prior.name is '{name}', whose density is not expl"):
        vae.build(config(prior), SHAPE, 1)


@pytest.mark.parametrize("change", [{"standardise": True}, {"value_range": (-1.0, 1.0)}])
def test_pixels_must_be_probabilities(change):
    one = config()
    one.data.update(change)
    with pytest.raises(UserError, match="the VAE's Bernoulli pixels must be between 0 and 1"):
        vae.build(one, SHAPE, 1)


def test_a_network_without_layers_is_refused():
    one = config()
    one.network.hidden = ()
    with pytest.raises(UserError, match="network.hidden is"):
        vae.build(one, SHAPE, 1)

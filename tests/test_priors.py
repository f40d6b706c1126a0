"""Priors: moments and sections of the draws, densities by hand, and what configs may say."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

from aae_jax import parallel, priors
from aae_jax.errors import UserError

ALL = {
    "gaussian": priors.gaussian(3, std=5.0),
    "mixture": priors.mixture(),
    "swiss_roll": priors.swiss_roll(),
    "categorical": priors.categorical(4),
    "soft categorical": priors.categorical(4, softness=0.2),
    "function": priors.function("tests.test_priors:ladder", 2, components=3),
}


def ladder(key, n, labels):
    """A user's prior: rung `label` at that height, or any of three."""
    rung = jnp.where(labels < 0, jax.random.randint(key, (n,), 0, 3), labels)
    return jnp.stack([jax.random.uniform(key, (n,)), rung.astype(jnp.float32)], axis=1)


def wrong_width(key, n, labels):
    return jax.random.normal(key, (n, 3))


def integers(key, n, labels):
    return jnp.zeros((n, 2), jnp.int32)


def constant(key, n, labels):
    """What numpy draws while a step is compiled is drawn once."""
    return np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32)


def broken(key, n, labels):
    raise RuntimeError("no luck")


@functools.partial(jax.jit, static_argnums=(0, 1))
def sample(prior, n, component, seed):
    return prior.sample(jax.random.split(jax.random.key(seed), n), jnp.full(n, component))


def draw(prior, n, component=-1, seed=0):
    return np.asarray(sample(prior, n, component, seed))


def test_the_table_is_tested_whole():
    assert {config.name for config in ALL.values()} == set(priors.PRIORS)


@pytest.mark.parametrize("name", ALL)
def test_draws_belong_to_their_keys_and_components(name):
    """Each draw on its own, in any company: so it depends on the example and not on the device."""
    prior = priors.make_prior(ALL[name])
    component = jnp.array([-1, 2, -1, 0], jnp.int32)
    keys = parallel.example_keys(jax.random.key(1), 4)
    whole = jax.jit(prior.sample)(keys, component)
    assert whole.shape == (4, prior.dim)
    assert len(np.unique(np.asarray(whole), axis=0)) > 1

    def half(component):
        return prior.sample(parallel.example_keys(jax.random.key(1), 2), component)

    split = jax.jit(jax.vmap(half, axis_name=parallel.DEVICE))(component.reshape(2, 2))
    np.testing.assert_array_equal(split.reshape(whole.shape), whole)


@pytest.mark.parametrize("name", ["mixture", "swiss_roll", "categorical"])
def test_labelled_draws_fall_in_their_component_and_others_everywhere(name):
    prior = priors.make_prior(ALL[name])
    for k in range(prior.components):
        of_k = np.asarray(prior.component_of(draw(prior, 400, k, seed=k)))
        assert of_k.dtype == np.int32
        assert np.mean(of_k == k) > 0.9
    share = np.bincount(prior.component_of(draw(prior, 8000)), minlength=prior.components) / 8000
    np.testing.assert_allclose(share, 1 / prior.components, atol=0.02)


def test_gaussian_draws_have_the_stated_moments():
    z = draw(priors.Gaussian(3, std=5.0), 20_000)
    assert z.shape == (20_000, 3)
    np.testing.assert_allclose(z.mean(axis=0), 0.0, atol=0.15)
    np.testing.assert_allclose(np.cov(z, rowvar=False), 25 * np.eye(3), atol=0.8)


def test_gaussian_density_and_divergence():
    prior = priors.Gaussian(2, std=3.0)
    z = np.array([[0.0, 1.0], [4.0, -2.0]], np.float32)
    expected = scipy.stats.norm(scale=3.0).logpdf(z).sum(axis=1)
    np.testing.assert_allclose(prior.log_prob(z), expected, rtol=1e-6)
    # One dimension by hand: log(3 / s) + (s^2 + m^2) / 18 - 1/2.
    mean, std = np.array([[0.0, 1.0], [4.0, -2.0]]), np.array([[3.0, 1.0], [0.5, 2.0]])
    expected = (np.log(3 / std) + (std**2 + mean**2) / 18 - 0.5).sum(axis=1)
    got = prior.kl(jnp.asarray(mean, jnp.float32), jnp.asarray(2 * np.log(std), jnp.float32))
    np.testing.assert_allclose(got, expected, rtol=1e-5)


@pytest.mark.parametrize("k", [0, 3])
def test_a_component_of_the_mixture_is_elongated_along_its_radius(k):
    z = draw(priors.Mixture(), 20_000, k)
    angle = 2 * np.pi * k / 10
    along, across = np.array([np.cos(angle), np.sin(angle)]), [-np.sin(angle), np.cos(angle)]
    np.testing.assert_allclose(
        [z.mean(axis=0) @ along, z.mean(axis=0) @ across], [1.4, 0], atol=0.02
    )
    np.testing.assert_allclose([np.std(z @ along), np.std(z @ across)], [0.5, 0.1], rtol=0.03)


def test_mixture_density_is_the_sum_of_its_components():
    prior = priors.Mixture(components=4)
    z = np.random.default_rng(0).normal(size=(6, 2)).astype(np.float32)
    density = 0
    for k in range(4):
        turn = np.array([[np.cos(k * np.pi / 2), -np.sin(k * np.pi / 2)]])
        turn = np.concatenate([turn, turn[:, ::-1] * [[-1, 1]]])
        covariance = turn @ np.diag([0.25, 0.01]) @ turn.T
        density += scipy.stats.multivariate_normal(1.4 * turn[:, 0], covariance).pdf(z) / 4
    np.testing.assert_allclose(prior.log_prob(z), np.log(density), rtol=1e-4)


def test_centres_of_the_mixture_are_their_components():
    angle = 2 * np.pi * np.arange(10) / 10
    centres = 1.4 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    got = priors.Mixture().component_of(jnp.asarray(centres, jnp.float32))
    np.testing.assert_array_equal(got, np.arange(10))


def test_the_axis_of_the_roll_by_hand():
    got = priors.SwissRoll().axis(jnp.array([0.0, 1 / 64, 1 / 4, 9 / 16, 1.0]))
    # Radii 3 sqrt(u), after a quarter turn, one, one and a half, and two.
    expected = [[0, 0], [0, 3 / 8], [1.5, 0], [-9 / 4, 0], [3, 0]]
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_sections_of_the_roll():
    roll = priors.SwissRoll(std=0.0)
    u = (np.arange(200) + 0.5) / 200
    section = roll.component_of(roll.axis(jnp.asarray(u, jnp.float32)))
    np.testing.assert_array_equal(section, np.floor(u * 10))
    # Without noise the draws of section k lie between its ends: their radius is 3 sqrt(u).
    radius = np.linalg.norm(draw(roll, 2000, 3), axis=1)
    np.testing.assert_allclose([radius.min(), radius.max()], 3 * np.sqrt([0.3, 0.4]), atol=0.01)
    # Uniform in u: the mean of u is the middle of the section.
    assert np.mean((radius / 3) ** 2) == pytest.approx(0.35, abs=0.003)


def test_the_width_of_the_roll():
    thick, thin = (draw(priors.SwissRoll(std=std), 5000, 4) for std in (0.2, 0.0))
    np.testing.assert_allclose((thick - thin).std(axis=0), 0.2, rtol=0.05)  # the same keys


def test_one_hot_draws():
    y = draw(priors.Categorical(4), 8000)
    assert set(np.unique(y)) == {0.0, 1.0}
    np.testing.assert_array_equal(y.sum(axis=1), 1)
    np.testing.assert_array_equal(draw(priors.Categorical(4), 3, 2), np.tile([0, 0, 1, 0], (3, 1)))


def test_soft_draws_are_near_a_corner():
    prior = priors.Categorical(4, softness=0.2)
    y = draw(prior, 8000, 2)
    np.testing.assert_allclose(y.sum(axis=1), 1, rtol=1e-5)
    logits = np.log(y[:, [0, 1, 3]] / y[:, 2:3])  # differences of two normal draws, from -1 / 0.2
    np.testing.assert_allclose(logits.mean(axis=0), -5, atol=0.06)
    np.testing.assert_allclose(np.cov(logits.T), np.eye(3) + 1, atol=0.1)
    nearest = np.bincount(draw(prior, 8000).argmax(axis=1), minlength=4)
    np.testing.assert_allclose(nearest / 8000, 0.25, atol=0.02)


def test_a_users_function_sees_its_labels():
    prior = priors.make_prior(ALL["function"])
    np.testing.assert_array_equal(draw(prior, 50, 1)[:, 1], 1)
    assert set(draw(prior, 200)[:, 1]) == {0, 1, 2}
    assert len(np.unique(draw(prior, 200)[:, 0])) == 200


def test_what_is_not_defined_is_none():
    has = {
        name: {
            part
            for part in ("log_prob", "kl", "component_of", "axis")
            if getattr(priors.make_prior(config), part) is not None
        }
        for name, config in ALL.items()
    }
    assert has == {
        "gaussian": {"log_prob", "kl"},
        "mixture": {"log_prob", "component_of"},
        "swiss_roll": {"component_of", "axis"},
        "categorical": {"component_of"},
        "soft categorical": {"component_of"},
        "function": set(),
    }


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("gaussian", {"dim": 0}, "game.prior.dim is 0: it must be at least 1"),
        ("gaussian", {"std": 0.0}, "game.prior.std is 0.0: it must be positive"),
        ("gaussian", {"name": "swiss_roll"}, "has the fields dim, std: .* swiss_roll has comp"),
        ("gaussian", {"name": "gauss"}, "game.prior.name is 'gauss': choose one of categorical, f"),
        ("mixture", {"components": 0}, "game.prior.components is 0: it must be at least 1"),
        ("mixture", {"radius": -1.0}, "game.prior.radius is -1.0: it must be 0 or more"),
        ("mixture", {"radial_std": 0.0}, "game.prior.radial_std is 0.0: it must be positive"),
        ("mixture", {"tangential_std": -0.1}, "tangential_std is -0.1: it must be positive"),
        ("swiss_roll", {"components": 0}, "game.prior.components is 0: it must be at least 1"),
        ("swiss_roll", {"std": -0.1}, "game.prior.std is -0.1: it must be 0 or more"),
        ("categorical", {"components": 1}, "game.prior.components is 1: it must be at least 2"),
        ("categorical", {"softness": -1.0}, "game.prior.softness is -1.0: it must be 0 or more"),
        ("function", {"components": -1}, "game.prior.components is -1: it must be 0 or more"),
        ("function", {"dim": 0}, "game.prior.dim is 0: it must be at least 1"),
        ("function", {"function": "ladder"}, "is 'ladder': it must be 'module:name'"),
        (
            "function",
            {"function": "no_such:ladder"},
            "No module named 'no_such'; put the module",
        ),
        ("function", {"function": "tests.test_priors:none"}, "tests.test_priors has no 'none'"),
        ("function", {"function": "tests.test_priors:wrong_width"}, r"gives float32\[1, 3\]: it m"),
        ("function", {"function": "tests.test_priors:integers"}, r"gives int32\[1, 2\]: it must g"),
        ("function", {"function": "tests.test_priors:broken"}, "fails with RuntimeError: no luck"),
        ("function", {"function": "tests.test_priors:constant"}, "gives the same z for 64 differ"),
    ],
)
def test_impossible_configs(name, change, message):
    config = ALL[name].copy_and_resolve_references()
    config.update(change)
    with pytest.raises(UserError, match=message):
        priors.make_prior(config)

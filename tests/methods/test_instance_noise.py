"""Noise on what the discriminators of GANs, AIM, its baselines, InfoGAN, FIAE and IAE see.

Codes that inference gives and codes of the prior are a matter of those that judge pairs.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.methods import METHODS, gan
from aae_jax.step import make_train_step
from tests.configs import test_config
from tests.methods.tools import play_phase, start


def uses_of(name, phase, **options):
    """A batch, and (inputs, output) of the networks' uses in a phase of a noisy game, by player."""
    config = test_config(name)
    config.game.noise, config.game.noise_epochs = 0.5, 10.0
    config.game.update(options)
    game = METHODS[config.method].build(config, (2,), steps_per_epoch=1)
    x = jax.random.normal(jax.random.key(1), (400, 2))
    *_, uses = play_phase(game, start(game), phase, {"x": x})
    return x, uses


@pytest.mark.parametrize(
    ("name", "phase", "judge", "maker"),
    [
        ("gan_ring", "gan", "discriminator", "generator"),
        ("aim_grid", "aim", "discriminator", "generator"),
        ("ali_grid", "ali", "discriminator", "generator"),
        ("veegan_grid", "veegan", "discriminator", "generator"),
        ("infogan_four_points", "infogan", "discriminator", "generator"),
        ("fiae_four_points", "regularisation", "discriminator_x", "generator"),
        ("iae_ring", "reconstruction", "discriminator_xz", "decoder"),
    ],
)
def test_the_noise_is_on_what_is_real_and_on_what_is_made(name, phase, judge, maker):
    x, uses = uses_of(name, phase)
    made = uses[maker][0][1]
    seen = [inputs[0] for inputs, _ in uses[judge]]
    real, fake = sorted(seen, key=lambda one: np.std(one - x))
    np.testing.assert_allclose(np.std(real - x), 0.5, rtol=0.1)
    np.testing.assert_allclose(np.std(fake - made), 0.5, rtol=0.1)


def test_both_pairs_of_a_synthetic_example_have_noise_of_their_own():
    _, uses = uses_of("fiae_four_points", "reconstruction")
    ((_, made),) = uses["generator"]
    first, second = (inputs[0] - made for inputs, _ in uses["discriminator_xz"])
    np.testing.assert_allclose([np.std(first), np.std(second)], 0.5, rtol=0.1)
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.15


PAIRED = [("ali_grid", "ali"), ("veegan_grid", "veegan")]


@pytest.mark.parametrize(("name", "phase"), PAIRED)
def test_inferred_codes_and_drawn_ones_have_noise_too(name, phase):
    seen = {}
    for std in (0.0, 0.7):
        _, uses = uses_of(name, phase, code_noise=std)
        seen[std] = [inputs[1] for inputs, _ in uses["discriminator"]]
    # Draws of the prior and of the networks' noise are the same ones in both games.
    noise = [with_noise - without for without, with_noise in zip(*seen.values(), strict=True)]
    np.testing.assert_allclose([np.std(one) for one in noise], 0.7, rtol=0.1)
    assert abs(np.corrcoef(noise[0].ravel(), noise[1].ravel())[0, 1]) < 0.15


@pytest.mark.parametrize("name", [name for name, _ in PAIRED])
def test_noise_on_codes_below_zero_is_named(name):
    config = test_config(name)
    config.game.code_noise = -0.5
    with pytest.raises(UserError, match=r"game.code_noise is -0.5: it must be at least 0"):
        METHODS[config.method].build(config, (2,), steps_per_epoch=1)


def test_codes_are_of_examples_without_noise():
    _, uses = uses_of("fiae_four_points", "reconstruction")
    ((_, made),) = uses["generator"]
    (((seen, *_), _),) = uses["recognition"]
    np.testing.assert_array_equal(seen, made)


@pytest.mark.parametrize("parts", [1, 2])
def test_the_noise_falls_over_the_epochs_of_training(parts):
    """The step tells the game how far it is, with a batch in parts too."""
    config = test_config("gan_ring")
    config.game.noise, config.game.noise_epochs = 3.0, 2.0
    noisy = gan.build(config, (2,), steps_per_epoch=5)
    config.game.noise = 0.0
    clean = gan.build(config, (2,), steps_per_epoch=5)
    batch = {"x": jax.random.normal(jax.random.key(1), (8, 2))}

    def losses(game, steps):
        run = jax.jit(make_train_step(game, accumulate=parts))
        states = [start(game).replace(step=jnp.array(step)) for step in steps]
        metrics = [run(state, batch, jax.random.key(0))[1] for state in states]
        return [float(one["gan/discriminator"]) for one in metrics]

    (noisy_9, noisy_10), (clean_9, clean_10) = (losses(game, (9, 10)) for game in (noisy, clean))
    assert noisy_9 != pytest.approx(clean_9, rel=1e-4)
    assert noisy_10 == pytest.approx(clean_10, rel=1e-5)  # 2 epochs of 5 updates

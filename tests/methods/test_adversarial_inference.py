"""What AIM, its baselines and the GANs share: noise on what the discriminator sees."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.methods import METHODS, gan
from aae_jax.step import make_train_step
from tests.configs import test_config
from tests.methods.tools import Recorder, start


@pytest.mark.parametrize("name", ["gan_ring", "aim_grid", "ali_grid", "veegan_grid"])
def test_the_noise_is_on_what_is_real_and_on_what_is_made(name):
    config = test_config(name)
    config.game.noise, config.game.noise_epochs = 0.5, 10.0
    game = METHODS[config.method].build(config, (2,), steps_per_epoch=1)
    state, x = start(game), jax.random.normal(jax.random.key(1), (400, 2))
    (phase,) = game.phases

    @jax.jit
    def uses(x):
        play = Recorder(
            game.players,
            state.params,
            state.batch_stats,
            jax.random.key(2),
            train=True,
            opt_state=state.opt_state[phase.name],
            step=state.step,
        )
        phase.loss_fn(play, {"x": x})
        seen = [inputs[0] for player, inputs, _ in play.calls if player == "discriminator"]
        return seen, next(output for player, _, output in play.calls if player == "generator")

    (real, fake), made = uses(x)
    np.testing.assert_allclose(np.std(real - x), 0.5, rtol=0.1)
    np.testing.assert_allclose(np.std(fake - made), 0.5, rtol=0.1)


@pytest.mark.parametrize("parts", [1, 2])
def test_the_noise_falls_over_the_epochs_of_training(parts):
    """The step tells the game how far it is, with a batch in parts too."""
    config = test_config("gan_ring")
    config.game.noise, config.game.noise_epochs = 3.0, 2.0
    noisy = gan.build(config, (2,), steps_per_epoch=5)
    config.game.noise = 0.0
    clean = gan.build(config, (2,), steps_per_epoch=5)
    batch = {"x": jax.random.normal(jax.random.key(1), (8, 2))}

    def loss(game, step):
        state = start(game).replace(step=jnp.array(step))
        run = jax.jit(make_train_step(game, accumulate=parts))
        return float(run(state, batch, jax.random.key(0))[1]["gan/discriminator"])

    assert loss(noisy, 9) != pytest.approx(loss(clean, 9), rel=1e-4)
    assert loss(noisy, 10) == pytest.approx(loss(clean, 10), rel=1e-5)  # 2 epochs of 5 updates

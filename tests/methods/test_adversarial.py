"""The losses that most games share, by hand."""

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax.methods import adversarial


def test_losses_of_a_discriminator_and_of_its_adversary():
    real, fake = jnp.array([0.5, 2.0]), jnp.array([-1.0, 0.0])
    loss, d_fake = adversarial.discriminate(real, fake)
    p_real, p_fake = jax.nn.sigmoid(real), jax.nn.sigmoid(fake)
    np.testing.assert_allclose(loss, -np.log(p_real).mean() - np.log(1 - p_fake).mean(), rtol=1e-6)
    np.testing.assert_allclose(d_fake, p_fake.mean(), rtol=1e-6)
    np.testing.assert_allclose(adversarial.fool(fake), -np.log(p_fake).mean(), rtol=1e-6)

"""A plain GAN on MNIST with the decoder and discriminator of "Implicit Autoencoders".

    python -m aae_jax.main --config=configs/gan_mnist.py

A baseline: the generator of fiae_mnist without any inference. Size of its code, rates, length,
averaging of parameters and the noise on what the discriminator sees are ours.
Here: not yet run by these networks. In a quarter of the widths with a rate of 1e-3 (table
iae_narrow_codes, one trial, ten epochs, six minutes of a shared CPU core): inception score 9.3 by
the classifier of classifier_mnist; samples are clean digits of all classes.
"""

from aae_jax import priors
from aae_jax.experiments import fiae
from aae_jax.experiments import iae as experiments
from aae_jax.methods import implicit


def get_config():
    config = fiae.plain()
    config.game.prior = priors.gaussian(100)
    config.network = implicit.network("mnist", conditioning=None)
    fiae.with_noise(config)
    experiments.on_mnist(config, epochs=100)
    config.evaluation.figures = ("samples", "samples_with_neighbours")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

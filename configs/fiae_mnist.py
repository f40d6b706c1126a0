"""FIAE on MNIST, both paths deterministic ("Implicit Autoencoders", Section 3.1, Fig. 10).

    python -m aae_jax.main --config=configs/fiae_mnist.py

The paper shows test digits beside their reconstructions, the same digit in nearly all; it gives no
number. Rates, length and averaging of parameters are ours, and so is the network of D(x), the
convolutions of D(x, z): the two layers of 2000 that the paper gives every regularisation
discriminator suit codes.
Here: not yet run by these networks. In a quarter of the widths with rates of 1e-3 (table
iae_narrow_codes, one trial, ten epochs, 19 minutes of a shared CPU core): test MSE 0.053 (of the
mean image 0.067), and 78 % of the reconstructions are of the same digit by the classifier of
classifier_mnist; 0.139, 0.092, 0.064 after 1, 2, 3 epochs. Without noise on what the discriminators
see, which is ours, 0.099, 0.088, 0.080.
"""

from aae_jax import priors
from aae_jax.experiments import fiae
from aae_jax.experiments import iae as experiments
from aae_jax.methods import implicit


def get_config():
    config = fiae.flipped()
    config.game.prior = priors.gaussian(15)
    config.network = implicit.network("mnist")
    fiae.with_noise(config)
    experiments.on_mnist(config, epochs=100)
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = ("reconstructions", "samples", "interpolations")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

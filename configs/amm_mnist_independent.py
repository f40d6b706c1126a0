"""AMM on MNIST with y and z independent ("Adversarially Learned Mixture Model", Eqs. 15 and 16).

    python -m aae_jax.main --config=configs/amm_mnist_independent.py

The paper leaves the analysis of this model for future work and prints no number.
The discriminator starts from He's weights, as amm_mnist's.
Here: not yet run by these networks. On images of 16x16 pixels by the networks and settings of
amm_digits (table mnist_variants_small, one trial, 22 epochs, nine minutes of a shared CPU core):
clean digits, but the component says nothing of them, and z all: 87 % error, 70.5 % after four
epochs; 3 components in use; test MSE 0.015, mean image 0.043.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.unsupervised("amm_mnist")
    config.game.inference = "independent"
    config.game.prior = "independent"
    # z says nothing of y, so there is no second classifier.
    config.evaluation.periodic = ("clustering",)
    config.evaluation.metrics = ("clustering", "reconstruction", "kmeans")
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

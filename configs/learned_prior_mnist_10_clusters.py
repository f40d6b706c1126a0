"""Unsupervised disentanglement on MNIST with a learned prior
("Learning Priors for Adversarial Autoencoders", Fig. 11, Fig. 12).

    python -m aae_jax.main --config=configs/learned_prior_mnist_10_clusters.py

100-D codes of a categorical variable of ten values and 90-D noise; the code's size is that of the
baseline. The paper: columns of one digit; it gives no number. The length, batch, rates and weights
are ours.
Here: not yet run.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.unsupervised()
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""Unsupervised disentanglement on MNIST with a learned prior
("Learning Priors for Adversarial Autoencoders", Fig. 11, Fig. 12).

    python -m aae_jax.main --config=configs/learned_prior_mnist_10_clusters.py

100-D codes of a categorical variable of ten values and 90-D noise; the code's size is that of the
baseline. The paper: columns of one digit; it gives no number. The length, batch, rates and weights
are ours.
Here: not yet run by these networks. In an eighth of the widths (table learned_prior_narrow, one
trial, 30 minutes of a CPU core beside other work) Q put 59, 49, 44 % of the test images into a
cluster of another digit after 2, 4, 5 epochs; FID 34 by the house's classifier, inception score
8.10.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.unsupervised()
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

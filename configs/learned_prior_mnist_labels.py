"""Supervised disentanglement on MNIST with a learned prior
("Learning Priors for Adversarial Autoencoders", Fig. 8, Fig. 9).

    python -m aae_jax.main --config=configs/learned_prior_mnist_labels.py

The prior of a label is learned: 64-D codes of the label and 54-D noise. The paper: columns of one
digit, each row in one style; it gives no number. The length, batch, rates and weights are ours.
Here: not yet run by these networks. In an eighth of the widths, after 5 epochs (table
learned_prior_narrow, one trial, 13 minutes of a CPU core): an independent classifier reads the
asked digit off 97.3 % of the samples, rows keep their style, FID 16.6, inception score 9.60; Q,
which learns from generated images alone, misreads 9.4 % of the test images.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.supervised()
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

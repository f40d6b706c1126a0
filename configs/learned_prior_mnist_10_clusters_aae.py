"""Unsupervised disentanglement on MNIST with a fixed prior
("Learning Priors for Adversarial Autoencoders", Fig. 11).

    python -m aae_jax.main --config=configs/learned_prior_mnist_10_clusters_aae.py

The baseline of learned_prior_mnist_10_clusters.py, which differs by its codes alone: a one-hot
vector beside 90-D noise. The paper: columns of one digit here too; it gives no number. The length,
batch, rates and weights are ours.
Here: not yet run by these networks. In an eighth of the widths, after 5 epochs (table
learned_prior_narrow, one trial, 15 minutes of a CPU core): Q puts 74.3 % of the test images into a
cluster of another digit (75.3, 74.9 % after 2, 4 epochs); FID 86.8 by the house's classifier,
inception score 6.39. With the learned prior 43.9 %, 34 and 8.10.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.unsupervised()
    experiments.fix_prior(config)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

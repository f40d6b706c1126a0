"""Clustering MNIST by an AAE with 30 clusters ("Adversarial Autoencoders", its later text).

    python -m aae_jax.main --config=configs/aae_mnist_30_clusters.py

The paper: 4.10 % of test digits misclassified, a cluster having the label of the validation image
that it is surest of (clustering_error_exemplar here). The length is ours.
Here, after 46 epochs (one trial, 5 minutes of a shared H200): it fails. The discriminator of y
tells its two sides apart from step 300 on, 5 of 30 clusters are in use, and the error is 58.1 % by
majority and 78.9 % by the paper's rule, 65.7 and 77.8 % after 5 epochs.
"""

from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.clustering(30)
    experiments.on_mnist(config, epochs=1500)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

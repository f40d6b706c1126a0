"""Clustering MNIST by an AAE with 16 clusters ("Adversarial Autoencoders", its later text).

    python -m aae_jax.main --config=configs/aae_mnist_16_clusters.py

The paper: 9.55 % of test digits misclassified, a cluster having the label of the validation image
that it is surest of (clustering_error_exemplar here, of 10,000 training images, as none are held
out). The length is ours, and so is that y's logits are normalised over the batch (see
aae_mnist_30_clusters).
Here, with layers of 1,000 units (table mnist_clusters_narrow, one trial, 45 epochs, 44 minutes of a
shared CPU core): 26.9 % by majority and 45.1 % by the paper's rule, k-means 29.9 %; by majority 33
and 30 % after 15 and 30 epochs. 14 clusters are in use.
"""

from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.clustering(16)
    experiments.on_mnist(config, epochs=1500)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""Clustering MNIST by InfoGAN with 10 clusters, beside FIAE of "Implicit Autoencoders".

    python -m aae_jax.main --config=configs/infogan_mnist_10_clusters.py

Networks, sizes and length of fiae_mnist_10_clusters; the paper gives no number for this game.
Here: not yet run.
"""

from aae_jax.experiments import fiae
from aae_jax.experiments import iae as experiments


def get_config():
    config = fiae.informed()
    fiae.with_ten_clusters(config)
    fiae.with_noise(config)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

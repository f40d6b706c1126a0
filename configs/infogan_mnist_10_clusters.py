"""Clustering MNIST by InfoGAN with 10 clusters, beside FIAE of "Implicit Autoencoders".

    python -m aae_jax.main --config=configs/infogan_mnist_10_clusters.py

Networks, sizes, noise, length and averaging of parameters of fiae_mnist_10_clusters, whose
generator reads the code times 3 and InfoGAN's as it is; the paper gives no number for this game.
Here: 42.4 % error after 57 of 100 epochs and falling, k-means 41.2 (one trial, 8 minutes of a
shared H100); 78, 73, 63, 59, 46 % after 5, 15, 25, 35, 50 epochs. In a quarter of the widths with a
rate of 1e-3 (table iae_narrow, one trial, 30 epochs, 21 minutes of a CPU core): 13.3 % error,
k-means 41.7; 35, 27, 20, 18.1, 14.7 % after 2, 4, 8, 10, 20 epochs. Most of it is 4 and 9, which
share two clusters; of every other digit 90 to 99 % are in a cluster of their own.
"""

from aae_jax.experiments import fiae
from aae_jax.experiments import iae as experiments
from aae_jax.methods import implicit


def get_config():
    config = fiae.informed()
    fiae.with_ten_clusters(config)
    config.network = implicit.network("mnist", conditioning=None)
    fiae.with_noise(config)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""Clustering MNIST by an IAE with 30 clusters ("Implicit Autoencoders", Fig. 6).

    python -m aae_jax.main --config=configs/iae_mnist_30_clusters.py

The paper: about 5 % of the digits in a cluster of another digit. The networks are those of its
reconstructions on MNIST; the length, batch, rates and averaging of parameters are ours.
Here: 21.6 % after 45 of 200 epochs, k-means 23.3 % (one trial, 8 minutes of a shared H100); 24.1,
22.8, 20.3, 21.2, 21.3, 21.7 % after 5, 10, 15, 20, 30, 40 epochs. 24 clusters are in use after 5,
20 from 15 on. On a CPU core, 40 minutes, 25.9 % after 6 epochs; 41.0, 29.3, 27.8, 26.5, 26.3 %
before. In a quarter of the widths (table iae_narrow, one trial, 23 minutes of a core) 45, 30, 26,
24, 23.6 % after 2, 8, 12, 20, 30 epochs, between 23.1 and 25.5 from 16 on; 17 clusters are in use
there, 25 after two epochs. With game.prior.softness of 1 / 6 29 or 30 stay in use, and no better:
32, 29, 30, 31 % after 1, 3, 10, 12 epochs, and 24 after the first five in another run.
With --config.game.code_scale=4 too, the error is 23 % after one epoch, and 25 to 26 from the third
to the fifth; each cluster has one style then. With the scale alone 28, 34, 28 % after 1, 3, 5.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.clustering("mnist", clusters=30, local_code=10)
    experiments.on_mnist(config, epochs=200)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""AMM on MNIST with a fixed prior whose means move out while training; these settings are ours.

    python -m aae_jax.main --config=configs/amm_mnist_moving_means.py

"Adversarially Learned Mixture Model" learns its prior: see amm_mnist. Here the means have length 1
at first, so that components overlap, and 6 after 50 of 100 epochs; in amm_mnist_fixed_prior, from
which all else but their directions is taken, it is 4 throughout.
Here: not yet run.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.unsupervised("amm_mnist")
    experiments.separate(config)
    experiments.move_out(config, epochs=50)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

"""AMM on MNIST with a fixed prior whose means move out while training; these settings are ours.

    python -m aae_jax.main --config=configs/amm_mnist_moving_means.py

"Adversarially Learned Mixture Model" learns its prior: see amm_mnist. Here the means have length 1
at first, so that components overlap, and 6 after 50 of 100 epochs; in amm_mnist_fixed_prior, from
which all else but their directions is taken, it is 4 throughout.
Here: not yet run in these networks. On images of 16x16 pixels by the networks of amm_digits (table
mnist_mixture_small, three trials of the same seeds in each row), clustering error by Bayes' rule on
z; k-means has 45.1 %:
- moving over 30 of 40 epochs 13.3 ± 6.3 % (7.3, 12.8, 19.8): 55, 49, 34, 25, 19, 15, 14, 13 %
  after 4, 8, 12, 16, 20, 24, 32, 40 epochs. In the first of them every cluster is one digit, in the
  second 7 and 9 are spread over two clusters, in the third 4, 7 and 9 over three;
- moving over 60 of 80 epochs 13.1 ± 0.9 % (12.1, 13.4, 13.9): 50, 39, 27, 17, 14, 13.5, 13 % after
  8, 16, 24, 32, 40, 60, 80 epochs. In each of them 4 and 9 are spread over two clusters, which is
  two thirds of the mistakes, and the other eight are one digit each;
- 6 throughout, 40 epochs, 32.7 ± 5.3 % (26.3, 32.0, 39.3): 36, 34, 33 % after 8, 16, 28 epochs.
In a quarter of the widths at a rate of 1e-3, moving over 30 epochs, 28x28 pixels: 59, 51, 48, 45 %
after 10, 14, 20, 22 epochs, where it was stopped (one trial).
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

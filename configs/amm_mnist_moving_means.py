"""AMM on MNIST with a fixed prior whose means move out while training; these settings are ours.

    python -m aae_jax.main --config=configs/amm_mnist_moving_means.py

"Adversarially Learned Mixture Model" learns its prior: see amm_mnist. Here the means have length 1
at first, so that components overlap, and 6 after 50 of 100 epochs; in amm_mnist_fixed_prior, from
which all else but their directions is taken, it is 4 throughout.
Here: not yet run in these networks. On images of 16x16 pixels by the networks of amm_digits, where
the means move over 30 of 40 epochs (table mnist_mixture_small): 13.3 ± 6.3 % clustering error by
Bayes' rule on z (3 trials: 7.3, 12.8, 19.8 %; 41 minutes of a shared CPU core), k-means 45.1 %; 55,
49, 34, 25, 19, 15, 14, 13 % after 4, 8, 12, 16, 20, 24, 32, 40 epochs. In the first of them each
component is one digit. Means that stay at 4 came to 31.5 % in 20 epochs there (one trial); means
that stay at 6 to 31.5 and 28.5 % by the majority's digit in 10 (two trials, not run further), those
that stay at 4 to 35.4 and 33.6 % with the same seeds.
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

"""AMM on MNIST, twenty components ("Adversarially Learned Mixture Model", Section 4.2 and Table 1).

    python -m aae_jax.main --config=configs/amm_mnist_20.py

The paper: 3.99 +- 0.79 % clustering error on the test set, over 10 trials.
The discriminator starts from He's weights, as amm_mnist's.
Here: not yet run. With our settings, on images of 16x16 pixels by the networks of amm_digits (table
mnist_mixture_small, one trial, 20 epochs, 12 minutes of a shared CPU core): 17.4 % by Bayes' rule
on z, 18.5 % by the encoder's y, k-means 27.3 %.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.unsupervised("amm_mnist", components=20)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

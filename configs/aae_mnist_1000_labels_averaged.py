"""Semi-supervised AAE on MNIST with 1,000 labels, averaged parameters; these settings are ours.

    python -m aae_jax.main --config=configs/aae_mnist_1000_labels_averaged.py

The game, networks and first rates of aae_mnist_1000_labels ("Adversarial Autoencoders", its later
text, 1.60 % of test digits misclassified), by the schedule of aae_mnist_100_labels_averaged: 115
epochs where the paper has 5,000, the rates held for 100 of them, and evaluation of averaged
parameters.
"""

from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.semi_supervised(labelled=1000)
    experiments.hold_and_average(config)
    experiments.on_mnist(config, epochs=115)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

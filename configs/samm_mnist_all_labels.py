"""Supervised SAMM on MNIST ("Adversarially Learned Mixture Model", Section 2.3); ours.

    python -m aae_jax.main --config=configs/samm_mnist_all_labels.py

The paper offers SAMM for supervised learning too, without a number. Both games read the 55,000
images that are trained on, one with their labels; for the labelled game alone, see
conditional_ali_mnist.
The discriminator starts from He's weights, as amm_mnist's.
Here: not yet run by these networks. On images of 16x16 pixels by the networks and settings of
samm_digits (table mnist_mixture_small, one trial, 40 epochs, 22 minutes of a shared CPU core):
12.0 % error of the encoder's y, 10.6 % by Bayes' rule on z, and falling; of y 48, 28, 21, 15.7,
13.6 % after 2,000, 6,000, 10,000, 14,000, 20,000 steps. That is slower than from 100 labels (15.3 %
after 12,000, where this run had 17.1): y~ learns of the labels through the other players alone.
Samples are of the class asked for, but for a few.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.semi_supervised("amm_mnist", labelled=55_000)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

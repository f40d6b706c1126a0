"""SAMM on MNIST with 10 labels of each digit; ours.

    python -m aae_jax.main --config=configs/samm_mnist_100_labels.py

"Adversarially Learned Mixture Model" prints no such run: networks are its own for MNIST, the prior,
code, penalty and rate those of samm_digits. "Implicit Autoencoders" misclassify 1.40 % of the test
digits with as many labels. Unlabelled images are the 55,000 that are trained on.
The discriminator starts from He's weights, as amm_mnist's; how the two games share an encoder is
told in aae_jax/methods/samm.py.
Here: 9.6 % error of the encoder's y, 8.5 % by Bayes' rule on z after 22 of 100 epochs and falling
(one trial, 11 minutes of a shared H100); of y 38, 15, 11.4, 10.0 % after 5, 10, 15, 20 epochs. On
images of 16x16 pixels by the networks and settings of samm_digits (table mnist_mixture_small, one
trial, 20 epochs, 22 minutes of a shared CPU core): 15.3 % error of the encoder's y, 14.0 % by
Bayes' rule on z; of y 31, 19, 15.5, 15.3 % after 3,000, 6,000, 9,000, 12,000 steps. Four of ten
mistakes are between 4 and 9.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.semi_supervised("amm_mnist", labelled=100)
    config.data.labelled_balanced = True
    experiments.separate(config)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

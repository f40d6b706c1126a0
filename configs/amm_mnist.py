"""AMM on MNIST, ten components ("Adversarially Learned Mixture Model", Section 4.2 and Table 1).

    python -m aae_jax.main --config=configs/amm_mnist.py

The paper: 3.32 +- 0.39 % clustering error on the test set, over 10 trials.
The discriminator starts from He's weights; --config.network.discriminator_init=normal takes the
paper's, from which clusters stayed unused here for thousands of steps.
Here: after 12 of 100 epochs 63.2 % by Bayes' rule on z (Eq. 19; 61.3 % if each cluster takes its
majority's digit) and 79.8 % by the encoder's y, which uses three components (one trial, 8 minutes
of a shared H100); not yet run further, and amm_mnist_fixed_prior has other settings and a better
result. The same prior, code, penalty and rate in the networks of amm_digits, whose discriminator
has no dropout, with averaged parameters, on images of 16x16 pixels (table mnist_mixture_small, one
trial, 92 epochs, 39 minutes of a CPU core): 60.4 % by the encoder's y, which uses five components,
and 30.8 % by Bayes' rule on z. The ten learned means are in about five places: where two components
are apart it is by 3 to 8, within a place by 1.5 to 2.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.unsupervised("amm_mnist")
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

"""Conditional ALI on MNIST ("Adversarially Learned Mixture Model", Eqs. 4 and 5).

    python -m aae_jax.main --config=configs/conditional_ali_mnist.py

Labels are observed, z is independent of them; the paper prints no number. Networks, penalty and
rates are those of AMM on MNIST. With --config.game.prior=learned, p(z|y) is the mixture of the
paper's supervised game (Eq. 14).
The discriminator starts from He's weights, as amm_mnist's.
Here: not yet run by these networks: in a quarter of the widths with a rate of 1e-3 the label hardly
moved an image in six epochs. On images of 16x16 pixels by the networks and settings of amm_digits
(table mnist_variants_small, one trial, eleven epochs, six minutes of a shared CPU core) most
samples are of the asked digit and rows keep a style; test MSE 0.029, mean image 0.043.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.conditional("amm_mnist")
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

"""Conditional ALI on MNIST ("Adversarially Learned Mixture Model", Eqs. 4 and 5).

    python -m aae_jax.main --config=configs/conditional_ali_mnist.py

Labels are observed, z is independent of them; the paper prints no number. Networks, penalty and
rates are those of AMM on MNIST. With --config.game.prior=learned, p(z|y) is the mixture of the
paper's supervised game (Eq. 14).
Here: not yet run.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.conditional("amm_mnist")
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

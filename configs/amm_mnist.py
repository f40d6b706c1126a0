"""AMM on MNIST, ten components ("Adversarially Learned Mixture Model", Section 4.2 and Table 1).

    python -m aae_jax.main --config=configs/amm_mnist.py

The paper: 3.32 +- 0.39 % clustering error on the test set, over 10 trials.
The discriminator starts from He's weights; --config.network.discriminator_init=normal takes the
paper's, from which clusters stayed unused here for thousands of steps.
Here: not yet run to the end; amm_mnist_fixed_prior has other settings and a result.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.unsupervised("amm_mnist")
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

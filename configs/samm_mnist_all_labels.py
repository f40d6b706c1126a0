"""Supervised SAMM on MNIST ("Adversarially Learned Mixture Model", Section 2.3); ours.

    python -m aae_jax.main --config=configs/samm_mnist_all_labels.py

The paper offers SAMM for supervised learning too, without a number. Both games read the 55,000
images that are trained on, one with their labels; for the labelled game alone, see
conditional_ali_mnist.
The discriminator starts from He's weights, as amm_mnist's.
Here: not yet run.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.semi_supervised("amm_mnist", labelled=55_000)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=28)

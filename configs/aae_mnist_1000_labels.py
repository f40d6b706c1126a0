"""Semi-supervised AAE on MNIST with 1,000 labels ("Adversarial Autoencoders", its later text).

    python -m aae_jax.main --config=configs/aae_mnist_1000_labels.py

The paper: 1.60 % of test digits misclassified.
Here: not yet run.
"""

from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.semi_supervised(labelled=1000)
    experiments.on_mnist(config, epochs=5000)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

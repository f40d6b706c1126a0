"""IAE on MNIST with a 20-D code and no noise ("Implicit Autoencoders", Fig. 2b).

    python -m aae_jax.main --config=configs/iae_mnist_deterministic.py

The paper: almost perfect reconstructions; it gives no number. The length, batch and rates are ours.
Here: not yet run.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("mnist", 20)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

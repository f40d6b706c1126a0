"""IAE on MNIST with a 10-D code and 100-D noise ("Implicit Autoencoders", Fig. 2c).

    python -m aae_jax.main --config=configs/iae_mnist_stochastic_10.py

The paper: reconstructions keep the digit and vary in style; it gives no number. The length, batch
and rates are ours.
Here: not yet run.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("mnist", 10, local_code=100)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

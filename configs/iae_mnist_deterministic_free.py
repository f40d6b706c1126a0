"""IAE on MNIST with a 20-D code that matches no prior, without noise
("Implicit Autoencoders", Section 2, case 1).

    python -m aae_jax.main --config=configs/iae_mnist_deterministic_free.py

The paper: exact reconstructions, as of a standard autoencoder; it shows none and gives no number.
Size of the code as in Fig. 2b; the length, batch and rates are ours.
Here: not yet run.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("mnist", 20)
    experiments.without_regularisation(config)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

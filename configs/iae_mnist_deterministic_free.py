"""IAE on MNIST with a 20-D code that matches no prior, without noise
("Implicit Autoencoders", Section 2, case 1).

    python -m aae_jax.main --config=configs/iae_mnist_deterministic_free.py

The paper: exact reconstructions, as of a standard autoencoder; it shows none and gives no number.
Size of the code as in Fig. 2b; the length, batch, rates and averaging of parameters are ours.
Here: not yet run by these networks. In a quarter of the widths (table iae_narrow_codes, one trial,
ten epochs, seven minutes of a shared CPU core): test MSE 0.050 (of the mean image 0.067), and 85 %
of the reconstructions are of the same digit by the classifier of classifier_mnist; 0.116, 0.068,
0.062, 0.054 after 1, 2, 3, 5 epochs.
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

"""AAE on MNIST with a mixture of 10 2-D Gaussians as prior ("Adversarial Autoencoders", Fig. 2b).

    python -m aae_jax.main --config=configs/aae_mnist_mixture.py

The paper shows the hold-out codes filling all ten components; it gives no number.
Here: after 100 epochs, energy coefficient 0.024 between test codes and prior (two samples of the
prior: 0.001; the VAE: 0.013), test MSE 0.040; all ten arms are there, and codes of two digits lie
between two of them (one trial, 4 minutes of a shared H100). It goes up and down: 0.013, 0.104,
0.027 after 25, 50, 75 epochs, and 0.012 after 10 on a CPU core (the VAE: 0.035).
"""

from aae_jax import priors
from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.adversarial()
    config.game.prior = priors.mixture()
    experiments.on_mnist(config, epochs=100)
    config.evaluation.periodic = experiments.PLANE_METRICS
    config.evaluation.metrics = experiments.PLANE_METRICS
    config.evaluation.figures = (*experiments.PLANE_FIGURES, "samples_per_component")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""VAE on MNIST with a mixture of 10 2-D Gaussians as prior ("Adversarial Autoencoders", Fig. 2d).

    python -m aae_jax.main --config=configs/vae_mnist_mixture.py

The baseline of aae_mnist_mixture, its KL estimated with the explicit density of the mixture: in the
paper the hold-out codes stick to the modes of the prior; no number.
Here: after 100 epochs, energy coefficient 0.013 between test codes and prior (two samples of the
prior: 0.001; the AAE: 0.024, which goes up and down), test MSE 0.034 (one trial, 3 minutes of a
shared H100); 0.019, 0.017, 0.013 after 25, 50, 75 epochs. After 10 epochs on a CPU core 0.035 (the
AAE: 0.012).
"""

from aae_jax import priors
from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.variational()
    config.game.prior = priors.mixture()
    experiments.on_mnist(config, epochs=100)
    config.evaluation.periodic = experiments.PLANE_METRICS
    config.evaluation.metrics = experiments.PLANE_METRICS
    config.evaluation.figures = (*experiments.PLANE_FIGURES, "samples_per_component")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""AAE on MNIST with a 2-D Gaussian prior ("Adversarial Autoencoders", Figs. 2a and 2e).

    python -m aae_jax.main --config=configs/aae_mnist.py

The paper shows the hold-out codes filling the prior without holes, with sharp transitions between
digits; it gives no number. Rates and schedule are those published for its semi-supervised runs.
Here: after 100 epochs, energy coefficient 0.0007 between test codes and prior (two samples of the
prior: 0.0003; the VAE: 0.0020), test MSE 0.035 (one trial, 5 minutes of a shared H100); after 25,
50, 75 epochs 0.0017, 0.0050, 0.0013. After 10 epochs on a CPU core, 6 minutes, 0.0015.
"""

from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.adversarial()
    experiments.on_mnist(config, epochs=100)
    config.evaluation.periodic = experiments.PLANE_METRICS
    config.evaluation.metrics = experiments.PLANE_METRICS
    config.evaluation.figures = experiments.PLANE_FIGURES
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

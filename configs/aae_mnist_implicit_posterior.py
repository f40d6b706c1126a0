"""AAE on MNIST with an implicit posterior, z = f(x, eta) with 100-D Gaussian noise eta.

    python -m aae_jax.main --config=configs/aae_mnist_implicit_posterior.py

"Adversarial Autoencoders", Section 2, with the 2-D Gaussian prior of Fig. 2a. The paper found
similar test likelihoods with each posterior and shows the deterministic one only (aae_mnist).
Here, one trial, 6,000 of 60,000 steps: energy coefficient of codes against prior 0.0012, floor
0.0003; the deterministic posterior's is 0.0015.
"""

from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.adversarial()
    config.game.posterior = "implicit"
    experiments.on_mnist(config, epochs=100)
    config.evaluation.periodic = experiments.PLANE_METRICS
    config.evaluation.metrics = experiments.PLANE_METRICS
    config.evaluation.figures = experiments.PLANE_FIGURES
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""AAE on MNIST, its decoder reading the label ("Adversarial Autoencoders", Section 3.2, Fig. 5a).

    python -m aae_jax.main --config=configs/aae_mnist_style.py

The 15-D Gaussian code is left with the style: the paper shows it constant along rows of images
whose label varies; no number.
Here: after 10 of 100 epochs, rows keep a style and most images are of the asked digit, some between
two digits; test MSE 0.018, energy coefficient 0.014 between test codes and prior (two samples of
the prior: 0.001) (one trial; 8 minutes on a CPU core).
"""

from aae_jax import priors
from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.adversarial()
    config.game.prior = priors.gaussian(15)
    config.game.labels = "decoder"
    experiments.on_mnist(config, epochs=100)
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = ("style_by_label", "samples_per_component", "reconstructions")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

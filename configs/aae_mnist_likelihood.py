"""AAE on MNIST with an 8-D Gaussian prior of deviation 5 ("Adversarial Autoencoders", Table 1).

    python -m aae_jax.main --config=configs/aae_mnist_likelihood.py

The paper: log-likelihood 340 +- 2 by a Parzen window on 10,000 samples, 427 on 10 million; samples
in Fig. 6a. The window's width is chosen on the last 10,000 training images, which are held out.
Its length of training is not published; 2,000 epochs gave a public reproduction 340.1.
Here: not yet run.
"""

from aae_jax import priors
from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.adversarial()
    config.game.prior = priors.gaussian(8, std=5.0)
    experiments.on_mnist(config, epochs=2000, images=50_000)
    config.data.validation_split = "train[50000:]"
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("parzen", "parzen_10m", "reconstruction", "code_match")
    config.evaluation.figures = ("samples_with_neighbours", "reconstructions")
    return config


def get_test_config():
    """Two steps on random images, without the ten million samples."""
    config = experiments.tiny(get_config())
    config.evaluation.metrics = tuple(m for m in config.evaluation.metrics if m != "parzen_10m")
    return config

"""AAE on the Toronto Face Database, 15-D Gaussian prior ("Adversarial Autoencoders", Table 1).

    python -m aae_jax.main --config=configs/aae_tfd_likelihood.py --config.data.dir=DIR

The paper: log-likelihood 2252 +- 16 by a Parzen window on 10,000 samples, 2522 on 10 million;
samples in Fig. 6b. Pixels are standardised for training and mapped back for scoring. The database
is not public. Rates and length are not published; the reconstruction's rate is a hundredth of
MNIST's, as pixels of unit variance and a linear output make its gradient much steeper (on smooth
noise, standardised, a tenth diverged within 250 steps).
Here: not yet run.
"""

from aae_jax import priors
from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.adversarial()
    config.game.prior = priors.gaussian(15, std=10.0)
    config.network.output = "linear"
    config.optimizer.reconstruction.learning_rate = 1e-4
    config.steps = 500_000

    config.data.name = "tfd"
    config.data.train_split = "unlabelled+train"
    config.data.validation_split = "valid"
    config.data.image_size = 48
    config.data.standardise = True

    config.checkpoint.every = 5000
    config.evaluation.every = 5000
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("parzen", "parzen_10m", "reconstruction", "code_match")
    config.evaluation.figures = ("samples_with_neighbours", "reconstructions")
    return config


def get_test_config():
    """Two steps on random images, without the ten million samples."""
    config = experiments.tiny(get_config(), image_size=48)
    config.evaluation.metrics = tuple(m for m in config.evaluation.metrics if m != "parzen_10m")
    return config

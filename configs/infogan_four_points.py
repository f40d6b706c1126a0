"""InfoGAN on four data points ("Implicit Autoencoders", Section 3, Fig. 8).

    python -m aae_jax.main --config=configs/infogan_four_points.py

The paper shows Gaussian posteriors that overlap, beside true ones whose borders follow the axes; it
gives no number. Points, length and layers are those of fiae_four_points; initial weights, rate and
the weight of the codes' likelihood, 0.1, are of its own.
Here, with --config.trials=10: overlap of two posteriors 0.081 ± 0.033; energy coefficient between
true and variational posteriors 0.20 ± 0.14. Only five of the ten generators make all four points
(settings chosen on these points).
"""

from aae_jax.experiments import fiae
from aae_jax.experiments import iae as experiments


def get_config():
    config = fiae.informed()
    fiae.on_four_points(config)
    config.game.information = 0.1  # at 1 fewer generators made all four points
    config.network.init_std = 0.25  # at 0.2 still more left one out
    config.optimizer.learning_rate = 1e-3
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

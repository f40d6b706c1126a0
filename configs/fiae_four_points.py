"""FIAE on four data points ("Implicit Autoencoders", Section 3, Fig. 9).

    python -m aae_jax.main --config=configs/fiae_four_points.py

The paper shows posteriors of the four points that leave each other room and fill a 2-D Gaussian
together; it gives no number. The four points, networks, rates, length and the 4-D noise of
recognition are ours.
Here, with --config.trials=10: overlap of two posteriors 0.005 ± 0.003; energy coefficient between
true and variational posteriors 0.007 ± 0.002 (two samples of the true one: 0.0005). All ten
generators make all four points (settings chosen on these points).
"""

from aae_jax.experiments import fiae
from aae_jax.experiments import iae as experiments


def get_config():
    config = fiae.flipped()
    fiae.on_four_points(config)
    config.game.recognition_noise = 4
    config.optimizer.regularisation.learning_rate = 1e-3
    config.optimizer.reconstruction.learning_rate = 3e-4
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

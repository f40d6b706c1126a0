"""A GAN on a ring of seven Gaussians in the plane ("Implicit Autoencoders", Fig. 5b).

    python -m aae_jax.main --config=configs/gan_ring.py

The yardstick of iae_ring, with its decoder, discriminator and length. The paper shows a generator
that ignores the 7-D categorical noise beside the 10-D Gaussian one; it gives no number.
Here, on seeds 100 to 109 as there: 24.8 ± 23.4 % of a component's samples are in its most frequent
mode, where all components together have 23.5 ± 23.8 % (one trial makes a single mode), and
73.5 ± 27.7 % are of high quality. On seeds 0 to 9: 18.3 ± 1.7, 17.1 and 75.6 ± 18.2 %.
"""

from aae_jax.experiments import fiae
from aae_jax.experiments import iae as experiments


def get_config():
    config = fiae.plain()
    experiments.on_ring(config)
    config.optimizer.learning_rate = 1e-3
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

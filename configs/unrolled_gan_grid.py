"""Unrolled GAN on 25 Gaussians of the plane, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/unrolled_gan_grid.py

The paper, quoting another: 23.6 modes captured, 16 % of samples of high quality.
Here, with --config.trials=10: 14.3 ± 5.1 modes, 93.7 ± 1.5 % of samples of high quality; after
10,000 steps it had 24.4, and lost ten of them as the noise fell. 87 minutes on one CPU core.
Settings chosen for AIM.
"""

from aae_jax.experiments import aim as experiments
from aae_jax.optimizers import adam


def get_config():
    config = experiments.unrolled(2)
    experiments.on_grid(config)
    config.game.noise = 0.5
    config.game.noise_epochs = 20.0
    config.optimizer = adam(1e-3, b1=0.5)
    config.steps = 10_000
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

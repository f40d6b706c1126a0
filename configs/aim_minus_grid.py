"""AIM-, of fixed variance, on 25 Gaussians of the plane
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/aim_minus_grid.py

A row that the paper's table lacks.
Here: not yet run.
"""

from aae_jax.methods import aim_experiments as experiments


def get_config():
    config = experiments.matching_fixed_variance(2)
    experiments.on_grid(config)
    config.game.weight = 0.01
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

"""ALICE on 25 Gaussians of the plane, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/alice_grid.py

A row that the paper's table lacks. The weight 1 is that of ALICE's own toy.
Here: not yet run.
"""

from aae_jax.methods import aim_experiments as experiments


def get_config():
    config = experiments.joint(2, cycle=1.0)
    experiments.on_grid(config)
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

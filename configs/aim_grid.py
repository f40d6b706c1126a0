"""AIM on 25 Gaussians of the plane
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/aim_grid.py

The paper: 25 modes captured, 81.1 % of samples of high quality; it prints neither networks nor
length, which are ours.
Here: not yet run.
"""

from aae_jax.methods import aim_experiments as experiments


def get_config():
    config = experiments.matching(2)
    experiments.on_grid(config)
    config.game.weight = 0.1
    config.evaluation.metrics += ("reconstruction", "code_match")
    config.evaluation.figures += ("code_scatter",)
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

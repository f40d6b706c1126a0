"""ALICE on 25 Gaussians of the plane, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/alice_grid.py

A row that the paper's table lacks. The weight 1 is that of ALICE's own toy.
Here, with --config.trials=10: 21.5 ± 2.2 modes captured, 33.1 ± 10.3 % of samples of high quality,
reverse KL 0.37 ± 0.10, reconstruction MSE 0.30 ± 0.35, AIM's 0.003, under the settings chosen for
AIM. 15 minutes on one CPU core.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.joint(2, cycle=1.0)
    experiments.on_grid(config)
    config.game.code_noise = 1.0
    config.evaluation.metrics += ("reconstruction", "code_match")
    config.evaluation.figures += ("code_scatter", "code_means", "reconstruction_scatter")
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

"""VEEGAN on 25 Gaussians of the plane, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/veegan_grid.py

The paper, quoting another: 24.6 modes captured, 40 % of samples of high quality.
Here, with --config.trials=10: 12.7 ± 3.3 modes captured, 5.9 ± 1.7 % of samples of high quality,
reverse KL 0.98 ± 0.42, under the settings chosen for AIM: its discriminator wins.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.code_reconstructing(2)
    experiments.on_grid(config)
    config.game.code_noise = 1.0
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

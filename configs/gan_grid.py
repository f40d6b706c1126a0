"""A GAN on 25 Gaussians of the plane, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/gan_grid.py

The paper, quoting another: 3.3 modes captured, 0.5 % of samples of high quality.
Here, with --config.trials=10 and the networks and the training of aim_grid: 23.5 ± 1.8 modes
captured, 94.9 ± 2.0 % of samples of high quality, reverse KL 0.12 ± 0.11.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.plain(2)
    experiments.on_grid(config)
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

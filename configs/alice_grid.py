"""ALICE on 25 Gaussians of the plane, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/alice_grid.py

A row that the paper's table lacks. The weight 1 is that of ALICE's own toy.
Noise of 1 on the codes that its discriminator sees is ours, as is that on the data.
Here, with --config.trials=10: 24.9 ± 0.3 modes captured (24 in one trial), 95.9 ± 0.5 % of samples
of high quality, reverse KL 0.03 ± 0.02, reconstruction MSE 0.0023 ± 0.0002, AIM's 0.0028. 25
minutes of a shared CPU core. With --config.game.code_noise=0, ten trials too, 21.5 ± 2.2 modes,
33.1 ± 10.3 %, MSE 0.30 ± 0.35.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.joint(2, cycle=1.0)
    experiments.on_grid(config)
    config.evaluation.metrics += ("reconstruction", "code_match")
    config.evaluation.figures += ("code_scatter", "code_means", "reconstruction_scatter")
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

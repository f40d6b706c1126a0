"""ALI on 25 Gaussians of the plane, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/ali_grid.py

The paper, quoting another: 15.84 modes captured, 1.6 % of samples of high quality.
Noise of 1 on the codes that its discriminator sees is ours, as is that on the data.
Here, with --config.trials=10: 24.0 ± 2.2 modes captured (25 in eight trials, 19 and 21 in two),
95.3 ± 1.2 % of samples of high quality, reverse KL 0.07 ± 0.12; reconstruction MSE 0.003 in the
eight, as AIM's, 1.6 and 0.5 in the two (the data's variance is 8.0). 18 minutes of a CPU core. With
--config.game.code_noise=0, ten trials too, 23.7 ± 2.4 modes, 87.8 ± 4.1 %, and reconstructions
fail: MSE 0.35 ± 0.48.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.joint(2)
    experiments.on_grid(config)
    config.evaluation.metrics += ("reconstruction", "code_match")
    config.evaluation.figures += ("code_scatter", "code_means", "reconstruction_scatter")
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

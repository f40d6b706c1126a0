"""VEEGAN on 25 Gaussians of the plane, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 2).

    python -m aae_jax.main --config=configs/veegan_grid.py

The paper, quoting another: 24.6 modes captured, 40 % of samples of high quality.
Noise of 1 on the codes that its discriminator sees is ours, as is that on the data: R gives the
mean of the codes that may have made x, which is told from a draw of the prior whatever x is.
Here, with --config.trials=10: 25 modes in every trial, 94.9 ± 0.4 % of samples of high quality,
reverse KL 0.013 ± 0.006, 18 minutes of a CPU core; the noise was chosen on seeds 2 and 3, where 0.3
made 86.6 %. With --config.game.code_noise=0, ten trials too, the discriminator wins: 12.7 ± 3.3
modes, 5.9 ± 1.7 %. Noise on codes that falls with that on the data held 25 modes until 14,000 steps
(72.7 %, seeds 2 and 3), and 13 at the end.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.code_reconstructing(2)
    experiments.on_grid(config)
    return config


def get_test_config():
    """Two steps on a few points."""
    return experiments.tiny_points(get_config())

"""AIM on CelebA at 64x64
("AIM: Adversarial Inference by Matching Priors and Conditionals", Figs. 2, 5, 6 and 9).

    python -m aae_jax.main --config=configs/aim_celeba.py

The paper shows reconstructions, samples and neighbours of faces; it gives no number.
Here: not yet run.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.matching(64)
    experiments.on_celeba(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

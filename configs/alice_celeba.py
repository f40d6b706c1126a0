"""ALICE on CelebA at 64x64, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Fig. 7).

    python -m aae_jax.main --config=configs/alice_celeba.py --config.game.cycle=10

The paper, showing pictures of another's networks: with a small weight of the cycle term
reconstructions are of other faces (0 is ALI), with a large one they are blurred, as a VAE's. The
networks here are AIM's.
Here: not yet run.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.joint(64, cycle=1.0)
    experiments.on_celeba(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

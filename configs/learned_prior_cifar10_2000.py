"""Generation on CIFAR-10 from a learned 2000-D prior
("Learning Priors for Adversarial Autoencoders", Fig. 6).

    python -m aae_jax.main --config=configs/learned_prior_cifar10_2000.py

The paper: images much as from 64 dimensions; it gives no number. The length, batch, rates and
weights are ours.
Here: not yet run.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.generating(code=2000)
    experiments.on_cifar10(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

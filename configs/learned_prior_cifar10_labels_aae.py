"""Supervised disentanglement on CIFAR-10 with a fixed prior
("Learning Priors for Adversarial Autoencoders", Fig. 8).

    python -m aae_jax.main --config=configs/learned_prior_cifar10_labels_aae.py

The baseline of learned_prior_cifar10_labels.py, which differs by its codes alone: the label beside
54-D noise. The paper: images that match their class less often; it gives no number. The length,
batch, rates and weights are ours.
Here: not yet run.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.supervised()
    experiments.fix_prior(config)
    experiments.on_cifar10(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

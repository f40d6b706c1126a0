"""Supervised disentanglement on SVHN with a learned prior
("Learning Priors for Adversarial Autoencoders", Fig. 8, Fig. 9).

    python -m aae_jax.main --config=configs/learned_prior_svhn_labels.py

The prior of a label is learned: 64-D codes of the label and 54-D noise. The paper: columns of one
digit, each row in one style; it gives no number. The length, batch, rates and weights are ours.
Here: not yet run.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.supervised()
    experiments.on_svhn(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

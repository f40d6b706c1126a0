"""Supervised disentanglement on SVHN with a learned prior
("Learning Priors for Adversarial Autoencoders", Fig. 8, Fig. 9).

    python -m aae_jax.main --config=configs/learned_prior_svhn_labels.py

The prior of a label is learned: 64-D codes of the label and 54-D noise. The paper: columns of one
digit, each row in one style; it gives no number. The length, batch, rates and weights are ours.
Here: not yet run by these networks. In an eighth of the widths, on 8,000 images of the published
test set (table learned_prior_narrow_colour, one trial, 4,685 steps of 64, 16 minutes of a CPU
core): rows keep their brightness, some digits are legible, columns 2 and 7 are noise; Q misreads
53 % of another 2,000 images.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.supervised()
    experiments.on_svhn(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

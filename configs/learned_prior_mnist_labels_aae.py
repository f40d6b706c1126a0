"""Supervised disentanglement on MNIST with a fixed prior
("Learning Priors for Adversarial Autoencoders", Fig. 8).

    python -m aae_jax.main --config=configs/learned_prior_mnist_labels_aae.py

The baseline of learned_prior_mnist_labels.py, which differs by its codes alone: the label beside
54-D noise. The paper: columns of one digit here too; it gives no number. The length, batch, rates
and weights are ours.
Here: not yet run by these networks. In an eighth of the widths, after 5 epochs (table
learned_prior_narrow, one trial, 17 minutes of a CPU core that short runs shared): an independent
classifier reads the asked digit off 77.2 % of the samples (42 % of the worst digit's), FID 70.8,
inception score 7.44, where the learned prior has 97.3 %, 16.6 and 9.60.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.supervised()
    experiments.fix_prior(config)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

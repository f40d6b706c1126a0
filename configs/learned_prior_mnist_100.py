"""Generation on MNIST from a learned 100-D prior
("Learning Priors for Adversarial Autoencoders", Fig. 6).

    python -m aae_jax.main --config=configs/learned_prior_mnist_100.py

The paper: images much as from 8 dimensions; it gives no number. The caption has 64 dimensions, the
text 100. The length, batch, rates and weights are ours.
Here: not yet run by these networks. In an eighth of the widths, after 5 epochs (table
learned_prior_narrow, one trial, 14 minutes of a CPU core): FID 37 by the house's classifier, whose
floor is 3.1, inception score 7.74, as with 8 dimensions; the AAE's 140 and 6.08, worse than there.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.generating(code=100)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

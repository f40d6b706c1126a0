"""AAE on CIFAR-10 with a 64-D Gaussian prior and errors of pixels
("Learning Priors for Adversarial Autoencoders", Fig. 5).

    python -m aae_jax.main --config=configs/learned_prior_cifar10_aae.py

The baseline of learned_prior_cifar10.py. The paper: no plausible images; it gives no number. The
length, batch, rates and weights are ours.
Here: not yet run by these networks. In an eighth of the widths, after six epochs (table
learned_prior_narrow_colour, one trial, 8 minutes of a CPU core): samples are blurred patches in
grey.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.generating(code=64)
    experiments.make_plain(config)
    experiments.on_cifar10(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

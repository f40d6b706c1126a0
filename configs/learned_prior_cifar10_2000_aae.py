"""AAE on CIFAR-10 with a 2000-D Gaussian prior and a re-parametrised encoder
("Learning Priors for Adversarial Autoencoders", Fig. 6).

    python -m aae_jax.main --config=configs/learned_prior_cifar10_2000_aae.py

The baseline of learned_prior_cifar10_2000.py. The paper: hardly any recognisable images; it gives
no number. The length, batch, rates and weights are ours.
Here: not yet run.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.generating(code=2000)
    experiments.make_plain(config)
    config.game.posterior = "gaussian"
    experiments.on_cifar10(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

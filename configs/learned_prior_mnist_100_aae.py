"""AAE on MNIST with a 100-D Gaussian prior and a re-parametrised encoder
("Learning Priors for Adversarial Autoencoders", Fig. 6).

    python -m aae_jax.main --config=configs/learned_prior_mnist_100_aae.py

The baseline of learned_prior_mnist_100.py. The paper: hardly any recognisable images; it gives no
number. The caption has 64 dimensions, the text 100. The length, batch, rates and weights are ours.
Here: not yet run by these networks; in small ones see learned_prior_mnist_100.py.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.generating(code=100)
    experiments.make_plain(config)
    config.game.posterior = "gaussian"
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

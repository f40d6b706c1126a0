"""AAE on MNIST with an 8-D Gaussian prior and errors of pixels
("Learning Priors for Adversarial Autoencoders", Fig. 5).

    python -m aae_jax.main --config=configs/learned_prior_mnist_aae.py

The baseline of learned_prior_mnist.py. The paper: more blurred digits; it gives no number. The
length, batch, rates and weights are ours.
Here: not yet run by these networks; in small ones see learned_prior_mnist.py.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.generating(code=8)
    experiments.make_plain(config)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

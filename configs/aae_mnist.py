"""AAE on MNIST with a 2-D Gaussian prior ("Adversarial Autoencoders", Figs. 2a and 2e).

    python -m aae_jax.main --config=configs/aae_mnist.py

The paper shows the hold-out codes filling the prior without holes, with sharp transitions between
digits; it gives no number. Rates and schedule are those published for its semi-supervised runs.
Here: after 10 of 100 epochs, energy coefficient 0.0016 between test codes and prior (two samples of
the prior: 0.0003), test MSE 0.041 (one trial; 7 minutes on 2 shared CPU cores).
"""

from aae_jax import config as base
from aae_jax import optimizers
from aae_jax.methods import aae


def get_config():
    config = base.base()
    config.method = "aae"
    config.game = aae.options()
    config.network = aae.network()
    drops = (50, 1000)  # epochs
    config.optimizer.reconstruction = optimizers.sgd(0.01, momentum=0.9, drops=drops)
    config.optimizer.discriminator = optimizers.sgd(0.1, momentum=0.1, drops=drops)
    config.optimizer.generator = optimizers.sgd(0.1, momentum=0.1, drops=drops)
    config.batch_size = 100
    config.steps = 100 * 600  # 100 epochs of 60,000 images

    config.data.name = "mnist"
    config.data.image_size = 28

    config.checkpoint.every = 600
    config.evaluation.every = 600
    config.evaluation.periodic = ("reconstruction", "code_match")
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = ("code_scatter", "manifold", "reconstructions", "samples")
    return config


def get_test_config():
    """Two steps on random images."""
    config = get_config()
    config.steps = 2
    config.batch_size = 8
    config.network.hidden = (16, 16)
    base.use_random_data(config, image_size=28, channels=1)
    return config

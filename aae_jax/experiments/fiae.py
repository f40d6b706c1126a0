"""What the configs of the flipped game and of the GANs beside it share: "Implicit Autoencoders".

Data sets, lengths and tests are those of the game that is flipped (`experiments.iae`).
"""

from ml_collections import ConfigDict

from aae_jax import priors
from aae_jax.experiments import common
from aae_jax.methods import fiae, gan, implicit, infogan
from aae_jax.optimizers import adam


def flipped() -> ConfigDict:
    """The config of FIAE, without networks and data."""
    return common.of_method("fiae", fiae.options(), fiae.optimizer())


def informed() -> ConfigDict:
    """The config of InfoGAN, without networks and data."""
    return common.of_method("infogan", infogan.options(), adam())


def plain() -> ConfigDict:
    """The config of a GAN, without networks and data."""
    return common.of_method("gan", gan.options(), adam())


def with_noise(config: ConfigDict) -> None:
    """Lets noise fall over 100 epochs on what discriminators see of MNIST's images; ours.

    Without it, in a quarter of the widths, FIAE's clusters stayed near chance
    (configs/fiae_mnist_10_clusters.py).
    """
    config.game.noise = 0.3
    config.game.noise_epochs = 100.0


def with_ten_clusters(config: ConfigDict) -> None:
    """Gives MNIST a code of ten clusters beside ten dimensions of style (Section 3.1)."""
    config.game.prior = priors.categorical(10)
    config.game.local_code = 10
    config.evaluation.periodic = ("clustering",)
    config.evaluation.metrics = ("clustering", "code_match", "kmeans")
    config.evaluation.figures = ("style_by_component", "test_by_cluster", "cluster_matrix")


def on_four_points(config: ConfigDict) -> None:
    """Trains on four data points with a code of the plane (Figs. 8 and 9).

    The weights start large enough for codes to come apart at once: generators that begin with one
    clump of points found two or three of the four, and no other after that.
    """
    config.game.prior = priors.gaussian(2)
    config.network = implicit.point_network((64, 64), init_std=0.2)
    config.data.name = "four_points"
    config.steps = 2000
    config.checkpoint.every = config.evaluation.every = 1000
    config.evaluation.periodic = ("posterior_overlap", "posterior_true_match")
    config.evaluation.metrics = ("posterior_overlap", "posterior_true_match", "code_match")
    config.evaluation.figures = ("posteriors",)

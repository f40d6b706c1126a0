"""What the configs of "Adversarially Learned Mixture Model" share."""

from ml_collections import ConfigDict

from aae_jax import config as base
from aae_jax.methods import amm
from aae_jax.optimizers import adam


def unsupervised(table: str, components: int = 10) -> ConfigDict:
    """The config of AMM, without data: a table's networks, the paper's game and optimiser."""
    config = base.base()
    config.method = "amm"
    config.game = amm.options()
    config.game.components = components
    config.network = amm.network(table)
    config.optimizer = adam(2e-4, b1=0.5)
    config.batch_size = 100
    config.evaluation.periodic = ("clustering",)
    config.evaluation.metrics = ("clustering", "bayes_classifier", "reconstruction", "kmeans")
    config.evaluation.figures = (
        "samples_per_component",
        "reconstructions",
        "interpolations",
        "cluster_matrix",
        "test_by_cluster",
        "tsne",
    )
    return config


def separate(config: ConfigDict) -> None:
    """Changes the paper's choices to ours, under which the clusters come into use much earlier.

    A prior whose components stay apart, a narrower code, a weaker penalty, a larger rate, and
    averaged parameters. Chosen on scikit-learn's digits.
    """
    config.game.prior = "fixed"
    config.game.code = 16
    config.game.gradient_penalty = 1.0
    config.optimizer.learning_rate = 5e-4
    config.ema_decay = 0.999


def on_mnist(config: ConfigDict, *, epochs: int) -> None:
    """Trains on 55,000 images of MNIST for some epochs, evaluating after each."""
    config.data.name = "mnist"
    config.data.validation_size = 5000
    config.data.image_size = 28
    steps_per_epoch = 55_000 // config.batch_size
    config.steps = epochs * steps_per_epoch
    config.log.every = 50
    config.checkpoint.every = config.evaluation.every = steps_per_epoch


def tiny(config: ConfigDict, *, image_size: int, channels: int = 1) -> ConfigDict:
    """Makes two steps of narrow networks on random images of a config, for tests."""
    config.network.width = 0.1
    config.game.components = 3
    base.use_random_data(config, image_size=image_size, channels=channels)
    return config

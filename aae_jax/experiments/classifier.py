"""What the configs of classifiers share."""

from ml_collections import ConfigDict

from aae_jax.experiments import common
from aae_jax.methods import classifier as method
from aae_jax.optimizers import sgd


def classifier() -> ConfigDict:
    """The config of a classifier of ten digits, without data.

    Rate and augmentation are ours: the papers that score images with such a classifier do not print
    them. Nothing is averaged over steps.
    """
    config = common.of_method(
        "classifier", method.options(), sgd(0.05, momentum=0.9), method.network()
    )
    config.evaluation.periodic = ("classification",)
    config.evaluation.metrics = ("classification",)
    config.evaluation.figures = ("test_by_cluster",)
    return config


def for_epochs(config: ConfigDict, epochs: int, images: int) -> None:
    """Sets the length of a run in epochs of so many images; the rate drops twice before its end."""
    common.for_epochs(config, epochs, images, rhythm=10)
    config.optimizer.drops = (epochs * 60 // 100, epochs * 85 // 100)


def tiny(config: ConfigDict, *, image_size: int, channels: int = 1) -> ConfigDict:
    """Makes two steps of a narrow network on random images of a config, for tests."""
    config.network.maps = (2, 4)
    config.network.features = 16
    common.use_random_data(config, image_size=image_size, channels=channels)
    return config

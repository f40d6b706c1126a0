"""What the configs of all papers share: their beginning, their length, tests in small."""

import math

from ml_collections import ConfigDict

from aae_jax import config as base


def of_method(
    method: str, game: ConfigDict, optimizer: ConfigDict, network: ConfigDict | None = None
) -> ConfigDict:
    """A config without data, and without networks where none are given.

    Args:
        method: one of `aae_jax.methods.METHODS`.
        game: its options.
        optimizer: one optimiser, or one of each phase, as the method has it.
        network: its networks.
    """
    config = base.base()
    config.method = method
    config.game = game
    config.optimizer = optimizer
    if network is not None:
        config.network = network
    return config


def for_epochs(config: ConfigDict, epochs: int, images: int, rhythm: int = 100) -> None:
    """Sets the length of a run, with up to `rhythm` checkpoints and evaluations on its way.

    Args:
        config: an experiment's config, its batch size set.
        epochs: passes over the training data.
        images: number of training images.
        rhythm: checkpoints and evaluations at most.
    """
    steps_per_epoch = images // config.batch_size
    config.steps = epochs * steps_per_epoch
    config.checkpoint.every = math.ceil(epochs / rhythm) * steps_per_epoch
    config.evaluation.every = config.checkpoint.every


def use_random_data(config: ConfigDict, image_size: int, channels: int) -> None:
    """Makes a test config: two steps on a few random images, all rhythms short.

    A config that wants a validation part or a labelled subset has it here too, a few images small.
    """
    wants_validation = config.data.validation_size or config.data.validation_split
    config.data.update(
        {
            "name": "random",
            "dir": "",
            "train_split": "train",
            "test_split": "test",
            "validation_split": "",
            "validation_size": 8 if wants_validation else 0,
            "labelled": 10 if config.data.labelled else 0,
            "image_size": image_size,
            "channels": channels,
            "resize": "none",
            "size": 32,
            "cache": False,
        }
    )
    _take_two_steps(config)


def use_few_points(config: ConfigDict) -> None:
    """Makes a test config: two steps on a few of its generated points, all rhythms short."""
    config.data.size = 64
    _take_two_steps(config)


def use_few_shapes(config: ConfigDict) -> None:
    """Makes a test config: two steps on a few generated shapes with captions, all rhythms short.

    Captions are embedded without training, where the config wants them embedded.
    """
    wants_embeddings = bool(config.data.caption_encoder)
    config.data.update(
        {
            "name": "captioned_shapes",
            "dir": "",
            "train_split": "train",
            "test_split": "test",
            "validation_split": "",
            "image_size": 32,
            "resize": "none",
            "size": 48,
            "cache": False,
            "caption_encoder": "aae_jax.data.bag_of_words:embed" if wants_embeddings else "",
        }
    )
    _take_two_steps(config)


def _take_two_steps(config: ConfigDict) -> None:
    config.steps = 2
    config.batch_size = 8
    config.log.every = 1
    config.log.images = 0
    config.checkpoint.every = 1
    config.evaluation.every = 2


def tiny(config: ConfigDict, grey: str) -> ConfigDict:
    """Makes two steps of narrow networks on random images of a config, for tests.

    Args:
        config: its images as large as its table has them.
        grey: the name of the table whose images have one channel; others have three.
    """
    config.network.width = 0.02
    channels = 1 if config.network.name == grey else 3
    use_random_data(config, image_size=config.data.image_size, channels=channels)
    return config


def tiny_points(config: ConfigDict) -> ConfigDict:
    """Makes two steps of narrow networks on a few points of a config, for tests."""
    config.network.hidden = (8, 8)
    use_few_points(config)
    return config

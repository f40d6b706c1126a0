"""What the configs of caption encoders share; lengths, batches, rates and widths are ours."""

from ml_collections import ConfigDict

from aae_jax.experiments import common
from aae_jax.methods import caption_encoder as method
from aae_jax.optimizers import adam


def caption_encoder() -> ConfigDict:
    """The config of a caption encoder, without data."""
    config = common.of_method(
        "caption_encoder", method.options(), adam(1e-3, b1=0.9), method.network()
    )
    config.evaluation.periodic = ("caption_words",)
    config.evaluation.metrics = ("caption_words",)
    return config


def on_shapes(config: ConfigDict) -> None:
    """Trains on the captions of the 12,000 generated shapes."""
    config.data.name = "captioned_shapes"
    config.data.vocabulary = 64
    common.for_epochs(config, 6, images=12_000, rhythm=6)


def on_flowers(config: ConfigDict) -> None:
    """Trains on the captions of the Oxford 102 flowers, but for a tenth of them."""
    config.data.name = "captioned_folder"
    config.data.dir = "data/flowers"
    config.data.caption_length = 40  # the few longer ones are cut
    # Small, as the captions alone are read.
    config.data.image_size = 32
    config.data.resize = "crop"
    config.data.channels = 3
    common.for_epochs(config, 100, images=7_371, rhythm=20)


def tiny(config: ConfigDict) -> ConfigDict:
    """Makes two steps of narrow networks on a few generated shapes of a config, for tests."""
    config.game.sentence = 6
    config.network.update({"word": 4, "hidden": 8})
    common.use_few_shapes(config)
    return config

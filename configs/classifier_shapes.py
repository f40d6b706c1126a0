"""Classifier of generated shapes by colour and shape, the judge of text to image.

    python -m aae_jax.main --config=configs/classifier_shapes.py

`learned_prior_shapes_text` has its images judged by runs/classifier_shapes. All settings are ours.
Here: 0.6 % of test pictures wrong (one trial; 8 minutes on one shared CPU core).
"""

from aae_jax.experiments import classifier as experiments
from aae_jax.experiments import common


def get_config():
    config = experiments.classifier()
    config.game.classes = 24
    config.game.rotation = 0.0  # a turned square is none of the data's
    config.network.maps = (16, 32)
    config.network.features = 256

    config.data.name = "captioned_shapes"
    experiments.for_epochs(config, 5, images=12_000)
    return config


def get_test_config():
    """Two steps on a few shapes."""
    config = experiments.tiny(get_config(), image_size=32, channels=3)
    common.use_few_shapes(config)
    return config

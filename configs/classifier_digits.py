"""Classifier of scikit-learn's handwritten digits, the judge of those that `amm_digits` makes.

    python -m aae_jax.main --config=configs/classifier_digits.py

Another run on digits of 16x16 pixels has its images judged with
--config.evaluation.classifier=runs/classifier_digits. The network is that of MNIST in small.
Here: 1.1 % of held-out digits wrong (one trial; 2 minutes on 2 shared CPU cores).
"""

from aae_jax.experiments import classifier as experiments


def get_config():
    config = experiments.classifier()
    config.game.shift = 1.0
    config.network.maps = (16, 32)
    config.network.features = 256

    config.data.name = "digits"
    config.data.image_size = 16
    config.data.resize = "bilinear"

    experiments.for_epochs(config, 70, images=1437)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=16)

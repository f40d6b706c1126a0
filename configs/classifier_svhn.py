"""Classifier of SVHN's cropped digits, the judge of generated ones.

    python -m aae_jax.main --config=configs/classifier_svhn.py

Another run has its images judged with --config.evaluation.classifier=runs/classifier_svhn.
Here: not yet run.
"""

from aae_jax.experiments import classifier as experiments


def get_config():
    config = experiments.classifier()
    config.data.name = "svhn_cropped"
    config.data.image_size = 32
    experiments.for_epochs(config, 20, images=73_257)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=32, channels=3)

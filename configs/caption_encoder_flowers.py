"""Sentence embeddings of captions of the Oxford 102 flowers, for text to image
("Learning Priors for Adversarial Autoencoders", Section 4.3).

    python -m aae_jax.main --config=configs/caption_encoder_flowers.py --config.data.dir=FOLDER

FOLDER has jpg/ and text_c10/ with ten captions of each image. The paper takes embeddings of 200
dimensions by a recurrent network that it does not describe; how this one is trained is ours.
Here: not yet run.
"""

from aae_jax.experiments import caption_encoder as experiments


def get_config():
    config = experiments.caption_encoder()
    experiments.on_flowers(config)
    return config


def get_test_config():
    """Two steps on a few shapes."""
    return experiments.tiny(get_config())

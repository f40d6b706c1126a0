"""Text to image on the Oxford 102 flowers with a learned prior
("Learning Priors for Adversarial Autoencoders", Fig. 13, Fig. 14).

    python -m aae_jax.main --config=configs/caption_encoder_flowers.py --config.data.dir=FOLDER
    python -m aae_jax.main --config=configs/learned_prior_flowers_text.py --config.data.dir=FOLDER

FOLDER has jpg/ and text_c10/ with ten captions of each image. The first command trains the sentence
embeddings that the second reads. 200-D embeddings and 100-D noise are the paper's; the width of the
code, the size of the images (the middle square in 32x32, which its tables of networks are for), the
length, batch, rates and weights are ours. The paper gives no number.
Here: not yet run.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.text_to_image()
    experiments.on_flowers(config)
    return config


def get_test_config():
    """Two steps on a few shapes, whose captions are embedded without training."""
    return experiments.tiny(get_config())

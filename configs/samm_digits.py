"""SAMM on scikit-learn's handwritten digits with 10 labels of each: embedded data; ours.

    python -m aae_jax.main --config=configs/samm_digits.py

The semi-supervised method of "Adversarially Learned Mixture Model" on 1,437 training images of 8x8
pixels, enlarged to 16x16, and 360 held-out ones, with the settings of amm_digits.
Here: 10.0 % error of the encoder's y, 9.7 % by Bayes' rule on z (one trial, 16 minutes of a CPU
core); 21.7, 13.9, 11.4, 10.3 % of y after 2,000, 4,000, 7,000, 10,000 steps. By an earlier version,
with the paper's weights in the discriminator (--config.network.discriminator_init=normal) and
--config.game.prior_directions=random, 11.7 and 10.8 %, after 5,000 steps 20.8 and 21.4 %.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.semi_supervised("amm_digits", labelled=100)
    config.data.labelled_balanced = True
    experiments.separate(config)
    experiments.on_digits(config, steps=12_000)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=16)

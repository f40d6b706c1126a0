"""SAMM on scikit-learn's handwritten digits with 10 labels of each: embedded data; ours.

    python -m aae_jax.main --config=configs/samm_digits.py

The semi-supervised method of "Adversarially Learned Mixture Model" on 1,437 training images of 8x8
pixels, enlarged to 16x16, and 360 held-out ones, with the settings of amm_digits.
Here: 11.7 % error of the encoder's y, 10.8 % by Bayes' rule on z (one trial); 20.8 % and 21.4 %
after 5,000 steps. All this by an earlier version, which is this one with
--config.network.discriminator_init=normal (the paper's weights in the discriminator) and
--config.game.prior_directions=random.
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

"""AMM on SVHN, twenty components ("Adversarially Learned Mixture Model", Section 4.3.1, Table 1).

    python -m aae_jax.main --config=configs/amm_svhn_20.py

The paper: 35.0 +- 5.24 % clustering error on the test set, over 10 trials.
The discriminator starts from He's weights, as amm_mnist's; two rows of Table 9 are changed
(aae_jax/networks/amm_tables.py).
Here: not yet run.

As ALI does, on whose splits the paper builds, the unsupervised model trains on `extra` (531,131
images); take --config.data.train_split=train for the 73,257 images of `train` alone. ALI watches
`train` in training; here nothing is chosen by it and the curve is of the test images.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.unsupervised("amm_svhn", components=20)
    experiments.on_svhn(config, steps=100_000, split="extra")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=32, channels=3)

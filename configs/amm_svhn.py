"""AMM on SVHN, thirty components ("Adversarially Learned Mixture Model", Section 4.3.1, Table 1).

    python -m aae_jax.main --config=configs/amm_svhn.py

The paper: 20.4 +- 0.80 % clustering error on the test set, over 10 trials.
Here: not yet run to the end. An earlier version, on 8,000 images of `test`, for 6,000 steps of 32
images with networks of a quarter of the width and --config.ema_decay=0.995, the discriminator's
weights from N(0, 0.1^2), came in 38 minutes of one CPU core to samples with the strokes and colours
of house numbers, but two of the 30 clusters were in use, and reconstructions did not follow their
originals.

As ALI does, on whose splits the paper builds, the unsupervised model trains on `extra` (531,131
images); take --config.data.train_split=train for the 73,257 images of `train` alone.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.unsupervised("amm_svhn", components=30)
    experiments.on_svhn(config, steps=100_000, split="extra")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=32, channels=3)

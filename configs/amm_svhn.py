"""AMM on SVHN, thirty components ("Adversarially Learned Mixture Model", Section 4.3.1, Table 1).

    python -m aae_jax.main --config=configs/amm_svhn.py

The paper: 20.4 +- 0.80 % clustering error on the test set, over 10 trials.
The discriminator starts from He's weights, as amm_mnist's; two rows of Table 9 are changed
(aae_jax/networks/amm_tables.py).
Here: not yet run to the end. In a quarter of the widths, on 8,000 images, with a fixed prior,
penalty 1 and averaged parameters, 8,924 steps of 32 images came in 70 minutes of one CPU core to
samples of house numbers, many of them legible. Reconstructions followed the brightness of their
originals and not yet the digit, and clusters had not formed: 79 % error on another 2,000 images,
k-means 77 % (one trial; `svhn_part` in launch/reproduce.py).

As ALI does, on whose splits the paper builds, the unsupervised model trains on `extra` (531,131
images); take --config.data.train_split=train for the 73,257 images of `train` alone. ALI watches
`train` in training; here nothing is chosen by it and the curve is of the test images.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.unsupervised("amm_svhn", components=30)
    experiments.on_svhn(config, steps=100_000, split="extra")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=32, channels=3)

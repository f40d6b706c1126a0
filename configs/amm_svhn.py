"""AMM on SVHN, thirty components ("Adversarially Learned Mixture Model", Section 4.3.1, Table 1).

    python -m aae_jax.main --config=configs/amm_svhn.py

The paper: 20.4 +- 0.80 % clustering error on the test set, over 10 trials.
Here: not yet run to the end.

As ALI does, on whose splits the paper builds, the unsupervised model trains on `extra` (531,131
images); take --config.data.train_split=train for the 73,257 images of `train` alone.
"""

from aae_jax import config as base
from aae_jax import optimizers
from aae_jax.methods import amm


def get_config():
    config = base.base()
    config.method = "amm"
    config.game = amm.options()
    config.game.components = 30
    config.game.gradient_penalty = 0.01
    config.network = amm.network("amm_svhn")
    config.optimizer = optimizers.adam(2e-4, b1=0.5)
    config.batch_size = 100
    config.steps = 100_000

    config.data.name = "svhn_cropped"
    config.data.train_split = "extra"
    config.data.image_size = 32

    config.log.every = 10
    config.checkpoint.every = 1000
    config.evaluation.every = 1000
    config.evaluation.periodic = ("clustering",)
    config.evaluation.metrics = ("clustering", "bayes_classifier", "reconstruction", "kmeans")
    config.evaluation.figures = (
        "samples_per_component",
        "reconstructions",
        "interpolations",
        "cluster_matrix",
        "test_by_cluster",
        "tsne",
    )
    return config


def get_test_config():
    """Two steps on random images."""
    config = get_config()
    config.steps = 2
    config.batch_size = 8
    config.network.width = 0.1
    config.game.components = 3
    base.use_random_data(config, image_size=32, channels=3)
    return config

"""AMM on MNIST, ten components ("Adversarially Learned Mixture Model", Section 4.2 and Table 1).

    python -m aae_jax.main --config=configs/amm_mnist.py

The paper: 3.32 +- 0.39 % clustering error on the test set, over 10 trials.
Here: not yet run to the end.
"""

from aae_jax import config as base
from aae_jax import optimizers
from aae_jax.methods import amm


def get_config():
    config = base.base()
    config.method = "amm"
    config.game = amm.options()
    config.network = amm.network("amm_mnist")
    config.optimizer = optimizers.adam(2e-4, b1=0.5)
    config.batch_size = 100
    config.steps = 100 * 550  # 100 epochs of 55,000 images

    config.data.name = "mnist"
    config.data.validation_size = 5000
    config.data.image_size = 28

    config.log.every = 50
    config.checkpoint.every = 550
    config.evaluation.every = 550
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
    base.use_random_data(config, image_size=28, channels=1)
    return config

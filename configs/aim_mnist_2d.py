"""AIM on MNIST with a two-dimensional code
("AIM: Adversarial Inference by Matching Priors and Conditionals", Fig. 4).

    python -m aae_jax.main --config=configs/aim_mnist_2d.py

The paper shows codes without holes and smooth transitions between digits; it gives no number.
Here: not yet run.
"""

from aae_jax.methods import aim_experiments as experiments


def get_config():
    config = experiments.matching(2)
    experiments.on_mnist(config)
    config.evaluation.figures += ("code_means", "code_scatter", "manifold_evenly")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

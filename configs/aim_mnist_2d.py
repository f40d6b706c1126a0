"""AIM on MNIST with a two-dimensional code
("AIM: Adversarial Inference by Matching Priors and Conditionals", Fig. 4).

    python -m aae_jax.main --config=configs/aim_mnist_2d.py

The paper shows codes without holes and smooth transitions between digits; it gives no number.
Here, after 6,000 of 240,000 steps (10 of 400 epochs; one trial, 43 minutes on a shared CPU core):
most digits have a region of their own, without holes, and the manifold changes smoothly (looked
at); energy coefficient of the codes against the prior 0.0019 (floor 0.0003), test MSE 0.086, above
that of the mean image (0.067): two dimensions keep the digit, not its strokes.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.matching(2)
    experiments.on_mnist(config)
    config.evaluation.figures += ("code_means", "code_scatter", "manifold_evenly")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""ALI on MNIST, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/ali_mnist.py

The paper, quoting another: test MSE 0.480, inception score 8.749. The networks here are AIM's.
Here: not yet run.
"""

from aae_jax.methods import aim_experiments as experiments


def get_config():
    config = experiments.joint(32)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

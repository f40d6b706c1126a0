"""AIM on MNIST
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/aim_mnist.py

The inception score takes a classifier, which configs/classifier_mnist.py trains; to judge a
finished run, add

    --mode=evaluate --config.evaluation.classifier=runs/classifier_mnist
    "--config.evaluation.metrics=('reconstruction', 'inception_score', 'fid', 'kid')"

The paper: test MSE 0.026, inception score 9.483.
Here: not yet run.
"""

from aae_jax.methods import aim_experiments as experiments


def get_config():
    config = experiments.matching(32)
    experiments.on_mnist(config)
    config.evaluation.figures += ("stochastic_reconstructions",)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""AIM-, of fixed variance, on MNIST
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/aim_minus_mnist.py

The inception score takes a classifier, which configs/classifier_mnist.py trains; to judge a
finished run, add

    --mode=evaluate --config.evaluation.classifier=runs/classifier_mnist
    "--config.evaluation.metrics=('reconstruction', 'inception_score', 'fid', 'kid')"

The paper: test MSE 0.028, inception score 9.331.
Here: not yet run by these networks. In a quarter of the widths (table aim_narrow, rates from 1e-3,
ten epochs, 3 trials): test MSE 0.0429 ± 0.0001, after two epochs 0.056; inception score 9.09 ±
0.05.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.matching_fixed_variance(32)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

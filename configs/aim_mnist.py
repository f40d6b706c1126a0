"""AIM on MNIST
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/aim_mnist.py

The inception score takes a classifier, which configs/classifier_mnist.py trains; to judge a
finished run, add

    --mode=evaluate --config.evaluation.classifier=runs/classifier_mnist
    "--config.evaluation.metrics=('reconstruction', 'inception_score', 'fid', 'kid')"

The paper: test MSE 0.026, inception score 9.483.
Here, after 8,042 of 240,000 steps (13 of 400 epochs; one trial, 74 minutes on a shared CPU core):
test MSE 0.033 (of the mean image 0.067), inception score 9.19 (of the test images 9.89). Over the
epochs 2, 4, 6, 8, 10, 12, 13: MSE 0.046, 0.038, 0.038, 0.037, 0.033, 0.034, 0.033; inception score
8.11, 8.82, 8.97, 9.13, 9.15, 9.15, 9.19.
In a quarter of the widths with --config.optimizer.learning_rate=1e-3 (table aim_narrow): MSE 0.043
± 0.001 after ten epochs (3 trials, 19 minutes of a CPU core for all of them), samples and
reconstructions like those. With the paper's 2e-4 so narrow a generator lost: 0.50, 0.45, 0.42, 0.37
after 2, 4, 8, 10 epochs (one trial); in half of the widths it had 0.052 after three.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.matching(32)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

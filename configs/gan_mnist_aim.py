"""A GAN on MNIST with AIM's networks, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/gan_mnist_aim.py

The inception score takes a classifier, which configs/classifier_mnist.py trains; to judge a
finished run, add

    --mode=evaluate --config.evaluation.classifier=runs/classifier_mnist
    "--config.evaluation.metrics=('inception_score', 'fid', 'kid')"

The paper: inception score 9.464. gan_mnist has the networks of another paper.
Here: not yet run by these networks. In a quarter of the widths (table aim_narrow, rates from 1e-3,
ten epochs, 3 trials): inception score 9.11 ± 0.04, where AIM has 9.13 ± 0.06.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.plain(32)
    experiments.on_mnist(config)
    config.evaluation.periodic = config.evaluation.metrics = ()
    config.evaluation.figures = ("samples",)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""ALI on MNIST, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/ali_mnist.py

The inception score takes a classifier, which configs/classifier_mnist.py trains; to judge a
finished run, add

    --mode=evaluate --config.evaluation.classifier=runs/classifier_mnist
    "--config.evaluation.metrics=('reconstruction', 'inception_score', 'fid', 'kid')"

The paper, quoting another: test MSE 0.480, inception score 8.749. The networks here are AIM's.
Here: not yet run by these networks. In a quarter of the widths, where AIM has 0.043 (table
aim_narrow, rates from 1e-3, ten epochs, 3 trials): the discriminator wins, samples become noise,
test MSE 0.310 ± 0.037. With --config.game.noise=0.3 --config.game.noise_epochs=400 samples are
digits, and reconstructions seldom of the digit that they should be: 0.130 ± 0.036.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.joint(32)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

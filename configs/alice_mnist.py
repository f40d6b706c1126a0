"""ALICE on MNIST, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/alice_mnist.py

The inception score takes a classifier, which configs/classifier_mnist.py trains; to judge a
finished run, add

    --mode=evaluate --config.evaluation.classifier=runs/classifier_mnist
    "--config.evaluation.metrics=('reconstruction', 'inception_score', 'fid', 'kid')"

The paper, quoting another: test MSE 0.080, inception score 9.279. The networks here are AIM's,
the weight is ours.
Here: not yet run by these networks. In a quarter of the widths, where AIM has 0.043 (table
aim_narrow, rates from 1e-3, ten epochs, 3 trials): test MSE 0.085 ± 0.016, reconstructions pale and
often of another digit; codes far from the prior (energy coefficient 0.29, AIM's 0.0008).
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.joint(32, cycle=1.0)
    experiments.on_mnist(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

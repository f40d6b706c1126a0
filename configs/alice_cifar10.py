"""ALICE on CIFAR-10 at 64x64, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/alice_cifar10.py

The inception score takes Inception's weights, which launch/convert_inception.py makes ready; to
judge a finished run, add

    --mode=evaluate --config.evaluation.inception=inception.safetensors
    "--config.evaluation.metrics=('reconstruction', 'inception_score', 'fid', 'kid')"

The paper, quoting another: test MSE 0.416, inception score 6.015. The networks here are AIM's,
the cycle term is ALICE's L1, its weight ours.
Here: not yet run.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.joint(64, cycle=1.0, norm="l1")
    experiments.on_cifar10(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

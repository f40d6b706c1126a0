"""A GAN on CIFAR-10 at 64x64 with AIM's networks, a baseline
("AIM: Adversarial Inference by Matching Priors and Conditionals", Table 1).

    python -m aae_jax.main --config=configs/gan_cifar10.py

The inception score takes Inception's weights, which launch/convert_inception.py makes ready; to
judge a finished run, add

    --mode=evaluate --config.evaluation.inception=inception.safetensors
    "--config.evaluation.metrics=('inception_score', 'fid', 'kid')"

The paper: inception score 6.287.
Here: not yet run.
"""

from aae_jax.experiments import aim as experiments


def get_config():
    config = experiments.plain(64)
    experiments.on_cifar10(config)
    config.evaluation.periodic = config.evaluation.metrics = ()
    config.evaluation.figures = ("samples",)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""The method on CIFAR-10 with a 64-D Gaussian prior in place of the learned one
("Learning Priors for Adversarial Autoencoders", Table 1).

    python -m aae_jax.main --config=configs/learned_prior_cifar10_gaussian.py

The inception score takes Inception's weights, which launch/convert_inception.py makes ready; to
judge a finished run, add

    --mode=evaluate --config.evaluation.inception=inception.safetensors
    "--config.evaluation.metrics=('reconstruction', 'inception_score', 'fid', 'kid')"

The image discriminator and its features stay. The paper: inception score 6.02, by Inception's own
network. The length, batch, rates and weights are ours.
Here: not yet run.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.generating(code=64)
    experiments.fix_prior(config)
    experiments.on_cifar10(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

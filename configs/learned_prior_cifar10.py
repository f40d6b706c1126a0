"""Generation on CIFAR-10 from a learned 64-D prior
("Learning Priors for Adversarial Autoencoders", Fig. 5, Table 1).

    python -m aae_jax.main --config=configs/learned_prior_cifar10.py

The inception score takes Inception's weights, which launch/convert_inception.py makes ready; to
judge a finished run, add

    --mode=evaluate --config.evaluation.inception=inception.safetensors
    "--config.evaluation.metrics=('reconstruction', 'inception_score', 'fid', 'kid')"

The paper: inception score 6.52, by Inception's own network. The noise has as many dimensions as the
code: the paper does not print them. The length, batch, rates and weights are ours.
Here: not yet run by these networks. In an eighth of the widths, after six epochs (table
learned_prior_narrow_colour, one trial, 24 minutes of a CPU core): samples have colours, textures
and edges, and no objects; many resemble each other. Those of the AAE are blurred patches in grey.
"""

from aae_jax.experiments import learned_prior as experiments


def get_config():
    config = experiments.generating(code=64)
    experiments.on_cifar10(config)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

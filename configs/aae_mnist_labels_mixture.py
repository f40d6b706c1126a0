"""AAE on MNIST, 10,000 labels choosing among 10 Gaussians ("Adversarial Autoencoders", Fig. 4a).

    python -m aae_jax.main --config=configs/aae_mnist_labels_mixture.py

Semi-supervised, with labels in the discriminator (Fig. 3a). The paper's other 40,000 images are
unlabelled; here all 50,000 go through without their labels and the 10,000 with them once more, both
with the same weight.
The paper shows component k holding the hold-out images of digit k (Fig. 4a), and the same styles in
the same places of the first three components (Fig. 4b); no number.
Here: 94.2 % of the hold-out codes are in the component of their label, of the prior's own draws
98.4 %; energy coefficient 0.0006 between codes and prior, floor 0.0012 (one trial; 22 minutes of a
CPU core).
"""

from aae_jax import priors
from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.labels_choosing(priors.mixture())
    config.evaluation.figures = (
        "code_scatter",
        "manifold_per_component",
        "samples_per_component",
        "reconstructions",
    )
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""AAE on MNIST, 10,000 labels choosing among tenths of a swiss roll ("Adversarial Autoencoders").

    python -m aae_jax.main --config=configs/aae_mnist_labels_swiss_roll.py

Semi-supervised, with labels in the discriminator (Fig. 3a). The paper's other 40,000 images are
unlabelled; here all 50,000 go through without their labels and the 10,000 with them once more, both
with the same weight.
The paper shows the k-th tenth of the roll holding the hold-out images of digit k (Fig. 4c), and a
walk along its axis (Fig. 4d); no number.
Here: 93.5 % of the hold-out codes are in the section of their label, of the prior's own draws
96.2 %; energy coefficient 0.0008 between codes and prior, floor 0.0005; each section of the walk
shows its digit (one trial; 25 minutes of a shared CPU core).
"""

from aae_jax import priors
from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.labels_choosing(priors.swiss_roll())
    config.evaluation.figures = (
        "code_scatter",
        "axis_walk",
        "samples_per_component",
        "reconstructions",
    )
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

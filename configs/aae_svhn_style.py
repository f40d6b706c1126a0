"""AAE on SVHN, its decoder reading the label ("Adversarial Autoencoders", Section 3.2, Fig. 5b).

    python -m aae_jax.main --config=configs/aae_svhn_style.py

The label is that of the central digit: the paper shows the style, which includes the digits beside
it, constant along rows of images whose label varies; no number. The optimisers are ours: MNIST's
SGD diverged.
Here, on 8,000 images of the test set (table svhn_part, one trial, 12,118 steps or 151 epochs, 34
minutes of a CPU core beside other work): rows keep colours, contrast and the digits at the sides,
and most of their images show the label's digit, blurred as the reconstructions are. Test MSE
0.0086, of the mean image 0.050; 0.0163, 0.0134, 0.0104 after 1,000, 5,000, 8,000 steps. The codes
do not match the prior: energy coefficient 0.13, floor 0.0007. With a third of the reconstruction's
rate no digits were seen after 5,000.
"""

from aae_jax import priors
from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.adversarial()
    config.game.prior = priors.gaussian(15)
    config.game.labels = "decoder"
    experiments.on_svhn(config, epochs=100)
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = ("style_by_label", "samples_per_component", "reconstructions")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=32, channels=3)

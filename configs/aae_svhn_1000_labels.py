"""Semi-supervised AAE on SVHN with 1,000 labels ("Adversarial Autoencoders", its later text).

    python -m aae_jax.main --config=configs/aae_svhn_1000_labels.py

The paper: 17.70 % of test digits misclassified. Networks and noise are those of its MNIST runs, as
we know of no others. The length is ours, and so are the optimisers: MNIST's SGD diverged.
Here, with 1,000 labels of 8,000 images of the test set (table svhn_part, one trial, 10,000 steps
or 125 epochs): 45.0 % of 2,000 others; 73, 55, 50, 45, 46, 45, 46, 45, 45 % after 1,000 to 9,000
steps. Rows keep their style; z tells the decoder much of the digit.
"""

from aae_jax.experiments import aae as experiments


def get_config():
    config = experiments.semi_supervised(labelled=1000)
    experiments.on_svhn(config, epochs=1500)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=32, channels=3)

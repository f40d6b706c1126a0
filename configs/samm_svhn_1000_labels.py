"""SAMM on SVHN with 1,000 labels ("Adversarially Learned Mixture Model", Section 4.3.2, Table 2).

    python -m aae_jax.main --config=configs/samm_svhn_1000_labels.py

The paper: 5.60 +- 0.45 % of test digits misclassified, over 10 trials.
The discriminator starts from He's weights, as amm_mnist's; how the two games share an encoder is
told in aae_jax/methods/samm.py, which rows of Table 9 are changed in
aae_jax/networks/amm_tables.py.
Here: not yet run by these networks. Two tries in smaller ones, with 1,000 labels of 8,000 images of
the published test set and the fixed prior, penalty and rate of samm_digits, did not find the labels
and were stopped (always the most frequent digit: 80 % error): in a quarter of the widths with
batches of 32 86, 89, 89 % after 1,000 to 3,000 steps, and on images of 16x16 pixels by the networks
of samm_digits 88 to 90 % after 1,000 to 5,000.

Unlabelled images are the 73,257 of `train`. The labels are those of a random selection of them, and
p(y) their frequencies, as in the paper. ALI and ImprovedGAN in its Table 2 have 100 labels of each
class instead, as --config.data.labelled_balanced=True gives; p(y) is uniform then, and the images'
classes are not. The length is ours. Take --config.ema_decay=0.999 to evaluate averaged parameters.
"""

from aae_jax.experiments import amm as experiments


def get_config():
    config = experiments.semi_supervised("amm_svhn", labelled=1000)
    experiments.on_svhn(config, steps=100_000, split="train")
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config(), image_size=32, channels=3)

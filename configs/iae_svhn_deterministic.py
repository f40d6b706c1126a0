"""IAE on SVHN with a 150-D code and no noise ("Implicit Autoencoders", Fig. 3b).

    python -m aae_jax.main --config=configs/iae_svhn_deterministic.py

The paper: almost perfect reconstructions; it gives no number. The length, batch, rates and
averaging of parameters are ours.
Here: not yet run by these networks. In a quarter of the widths on 8,000 images (table
svhn_part_implicit, one trial, 75 epochs, ten minutes of a CPU core): test MSE 0.082, mean image
0.199; reconstructions have the colours of their originals, and the shape of the digit where it is
large and clear.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("svhn", 150)
    experiments.on_svhn(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

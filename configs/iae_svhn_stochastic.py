"""IAE on SVHN with a 75-D code and 1000-D noise ("Implicit Autoencoders", Fig. 3c).

    python -m aae_jax.main --config=configs/iae_svhn_stochastic.py

The paper: reconstructions keep the middle digit and make up its neighbours; it gives no number. The
length, batch, rates and averaging of parameters are ours.
Here: not yet run by these networks. In a quarter of the widths on 8,000 images, with noise on what
D(x, z) sees (table svhn_part_implicit, one trial, 75 epochs, twelve minutes of a shared CPU core):
draws for one image share brightness and contrast with it, and its digit not yet; test MSE 0.092,
mean image 0.199.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("svhn", 75, local_code=1000)
    experiments.on_svhn(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

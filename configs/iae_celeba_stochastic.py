"""IAE on CelebA with a 50-D code and 1000-D noise ("Implicit Autoencoders", Fig. 4c).

    python -m aae_jax.main --config=configs/iae_celeba_stochastic.py

The paper: reconstructions keep the shape of the face and vary in glasses, beard or smile; it gives
no number. The length, batch, rates and averaging of parameters are ours.
Here: not yet run.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("celeba", 50, local_code=1000)
    experiments.on_celeba(config, epochs=50)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

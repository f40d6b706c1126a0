"""IAE on CelebA with a 150-D code and no noise ("Implicit Autoencoders", Fig. 4b).

    python -m aae_jax.main --config=configs/iae_celeba_deterministic.py

The paper: almost perfect reconstructions; it gives no number. The length, batch, rates and
averaging of parameters are ours.
Here: not yet run.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("celeba", 150)
    experiments.on_celeba(config, epochs=50)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""IAE on MNIST with a 5-D code and 100-D noise ("Implicit Autoencoders", Fig. 2d).

    python -m aae_jax.main --config=configs/iae_mnist_stochastic_5.py

The paper: reconstructions may turn into another digit that looks alike, as 3 into 5 or 8; it gives
no number. The length, batch, rates and averaging of parameters are ours.
Here: test MSE 0.090 after 39 epochs (one trial, 7 minutes of a shared H100), 0.072, 0.084, 0.089
after 10, 20, 30; 26 % of the draws are the image's digit. In a quarter of the widths (table
iae_narrow_codes, one trial, 30 epochs, 22 minutes of a CPU core): sharp digits, of which 38 % are
the image's by the classifier of classifier_mnist. Test MSE 0.079 (of the mean image 0.067); it was
lowest after six epochs, 0.073. D(x, z) wins. With --config.game.noise=0.3
--config.game.noise_epochs=100, which blurs what it sees, 53 % keep the digit there and the test MSE
is 0.072; after 3,600 steps 37 % without, 43 % with twice that noise, and 43 % with
game.code_scale=5 instead, whose draws hardly differ.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("mnist", 5, local_code=100)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

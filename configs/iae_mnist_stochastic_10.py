"""IAE on MNIST with a 10-D code and 100-D noise ("Implicit Autoencoders", Fig. 2c).

    python -m aae_jax.main --config=configs/iae_mnist_stochastic_10.py

The paper: reconstructions keep the digit and vary in style; it gives no number. The length, batch
and rates are ours. Whether they keep it is judged by the classifier of configs/classifier_mnist.py:

    --config.evaluation.classifier=runs/classifier_mnist
    "--config.evaluation.metrics=('reconstruction', 'label_agreement')"

Here, after 5 of 100 epochs (3,126 steps, one trial, 32 minutes of one CPU core): that classifier,
after 1,200 of its 6,000 steps and with an error of 0.96 %, gives 59 % of them the label of the
original, 47 % after 3,000 steps; a pixel deviates by 0.063 among those of one image.
"""

from aae_jax.experiments import iae as experiments


def get_config():
    config = experiments.reconstructing("mnist", 10, local_code=100)
    experiments.on_mnist(config, epochs=100)
    return config


def get_test_config():
    """Two steps on random images."""
    return experiments.tiny(get_config())

"""What the configs of "Implicit Autoencoders" share: networks, data sets, lengths, tests.

The paper prints networks and sizes; lengths, batches, rates and, on images, the averaging of
parameters are ours.
"""

import functools

from ml_collections import ConfigDict

from aae_jax import priors
from aae_jax.experiments import common
from aae_jax.methods import iae, implicit


def autoencoder() -> ConfigDict:
    """The config of IAE, without networks and data."""
    return common.of_method("iae", iae.options(), iae.optimizer())


def reconstructing(table: str, code: int, local_code: int = 0) -> ConfigDict:
    """The config of a reconstruction experiment (Section 2.1.1), without data.

    Args:
        table: of networks, see `implicit.network`.
        code: dimensions of the Gaussian global code.
        local_code: dimensions of the local one, 0 for deterministic reconstructions.
    """
    config = autoencoder()
    config.game.prior = priors.gaussian(code)
    config.game.local_code = local_code
    config.network = implicit.network(table)
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("reconstruction", "code_match")
    pictures = "stochastic_reconstructions" if local_code else "reconstructions"
    config.evaluation.figures = (pictures, "samples", "interpolations")
    return config


def without_regularisation(config: ConfigDict) -> None:
    """Leaves the codes free (Section 2, cases 1 and 3), so that no prior is drawn from."""
    config.game.regularise = False
    config.optimizer = iae.optimizer(regularise=False)
    config.evaluation.metrics = ("reconstruction",)
    config.evaluation.figures = config.evaluation.figures[:1]


def clustering(table: str, clusters: int, local_code: int) -> ConfigDict:
    """The config of clustering (Section 2.1.2), without data."""
    config = _categorical(table, clusters, local_code)
    config.evaluation.periodic = ("clustering",)
    config.evaluation.metrics = ("clustering", "code_match", "kmeans")
    config.evaluation.figures = ("style_by_component", "test_by_cluster", "cluster_matrix")
    return config


def semi_supervised(table: str, labelled: int, local_code: int) -> ConfigDict:
    """The config of semi-supervised classification of ten digits (Section 2.1.2), without data."""
    config = _categorical(table, 10, local_code)
    config.optimizer = iae.optimizer(semi_supervised=True)
    config.data.labelled = labelled
    config.evaluation.periodic = ("classification",)
    config.evaluation.metrics = ("classification", "code_match")
    config.evaluation.figures = ("style_by_component", "test_by_cluster", "cluster_matrix")
    return config


def _categorical(table: str, clusters: int, local_code: int) -> ConfigDict:
    config = autoencoder()
    config.game.prior = priors.categorical(clusters)
    config.game.local_code = local_code
    config.network = implicit.network(table, "location_invariant")
    return config


def on_mnist(config: ConfigDict, *, epochs: int) -> None:
    """Trains on the 60,000 images of MNIST's training set for some epochs."""
    config.data.name = "mnist"
    config.data.image_size = 28
    _train_on_images(config, epochs, 60_000)


def on_svhn(config: ConfigDict, *, epochs: int) -> None:
    """Trains on the 73,257 images of SVHN's `train` for some epochs; tanh makes the pixels."""
    config.data.name = "svhn_cropped"
    config.data.image_size = 32
    config.data.value_range = (-1.0, 1.0)
    _train_on_images(config, epochs, 73_257)


def on_celeba(config: ConfigDict, *, epochs: int) -> None:
    """Trains on CelebA's 162,770 training images at 48x48 for some epochs; tanh as on SVHN."""
    config.data.name = "celeb_a"
    config.data.image_size = 48
    config.data.resize = "bilinear"
    config.data.value_range = (-1.0, 1.0)
    _train_on_images(config, epochs, 162_770)


def _train_on_images(config: ConfigDict, epochs: int, images: int) -> None:
    common.for_epochs(config, epochs, images, rhythm=50)
    # Single steps of the game change reconstructions visibly; averages do not follow each of them.
    config.ema_decay = 0.995


def on_ring(config: ConfigDict) -> None:
    """Trains on seven Gaussians of the plane, with seven clusters and 10-D noise (Fig. 5).

    Networks and length are the same for every game, so that they can be compared.
    """
    config.game.prior = priors.categorical(7)
    config.game.local_code = 10
    config.network = implicit.point_network((64, 64))
    config.data.name = "gaussian_ring"
    config.steps = 2000
    config.checkpoint.every = config.evaluation.every = 500
    config.evaluation.periodic = ("component_modes",)
    config.evaluation.metrics = ("component_modes", "modes")
    config.evaluation.figures = ("sample_scatter",)


tiny = functools.partial(common.tiny, grey="mnist")
tiny_points = common.tiny_points

"""What the configs of "Adversarially Learned Mixture Model" share."""

from ml_collections import ConfigDict

from aae_jax.experiments import common
from aae_jax.methods import adversarial_mixture, amm, conditional_ali
from aae_jax.optimizers import adam


def unsupervised(table: str, components: int = 10) -> ConfigDict:
    """The config of AMM, without data: a table's networks, the paper's game and optimiser."""
    config = _game("amm", amm.options(), table)
    config.game.components = components
    config.evaluation.periodic = ("clustering", "bayes_classifier")
    config.evaluation.metrics = ("clustering", "bayes_classifier", "reconstruction", "kmeans")
    config.evaluation.figures = (
        "samples_per_component",
        "reconstructions",
        "interpolations",
        "cluster_matrix",
        "test_by_cluster",
        "tsne",
    )
    return config


def semi_supervised(table: str, labelled: int) -> ConfigDict:
    """The config of SAMM on ten digits, without data: networks, game and optimiser as in AMM.

    Labels are a random selection, as in the paper, and p(y) their frequencies.
    """
    config = _game("samm", amm.options(), table)
    config.data.labelled = labelled
    config.data.labelled_balanced = False
    config.evaluation.periodic = ("classification", "bayes_classification")
    config.evaluation.metrics = (
        "classification",
        "bayes_classification",
        "bayes_classifier",
        "reconstruction",
    )
    config.evaluation.figures = (
        "samples_per_component",
        "reconstructions",
        "interpolations",
        "confusion_matrices",
        "test_by_cluster",
        "tsne",
    )
    return config


def conditional(table: str) -> ConfigDict:
    """The config of conditional ALI on ten digits, without data: networks as in AMM."""
    config = _game("conditional_ali", conditional_ali.options(), table)
    config.evaluation.periodic = ("reconstruction",)
    config.evaluation.metrics = ("reconstruction", "code_match")
    config.evaluation.figures = (
        "samples_per_component",
        "reconstructions",
        "style_by_label",
        "tsne",
    )
    return config


def _game(method: str, options: ConfigDict, table: str) -> ConfigDict:
    config = common.of_method(
        method, options, adam(2e-4, b1=0.5), adversarial_mixture.network(table)
    )
    config.batch_size = 100
    return config


def separate(config: ConfigDict) -> None:
    """Changes the paper's choices to ours, under which the clusters come into use much earlier.

    A prior whose components stay apart, a narrower code, a weaker penalty, a larger rate, and
    averaged parameters. Chosen on scikit-learn's digits.
    """
    config.game.prior = "fixed"
    config.game.code = 16
    config.game.gradient_penalty = 1.0
    config.optimizer.learning_rate = 5e-4
    config.ema_decay = 0.999


def move_out(config: ConfigDict, *, epochs: float) -> None:
    """Lets the means of a fixed prior begin close together and move out over some epochs; ours.

    Clusters form while components overlap, when an image may still change from one to another, and
    come apart later. Chosen on MNIST in 16x16 pixels: see configs/amm_mnist_moving_means.py.
    """
    config.game.prior_radius = 6.0
    config.game.prior_epochs = epochs


def on_mnist(config: ConfigDict, *, epochs: int) -> None:
    """Trains on 55,000 images of MNIST for some epochs, evaluating after each."""
    config.data.name = "mnist"
    config.data.validation_size = 5000
    config.data.image_size = 28
    steps_per_epoch = 55_000 // config.batch_size
    config.steps = epochs * steps_per_epoch
    config.log.every = 50
    config.checkpoint.every = config.evaluation.every = steps_per_epoch


def on_svhn(config: ConfigDict, *, steps: int, split: str) -> None:
    """Trains on a split of SVHN, with the paper's gradient penalty for it."""
    config.game.gradient_penalty = 0.01
    config.steps = steps
    config.data.name = "svhn_cropped"
    config.data.train_split = split
    config.data.image_size = 32
    config.log.every = 10
    config.checkpoint.every = 1000
    config.evaluation.every = 1000


def on_digits(config: ConfigDict, *, steps: int) -> None:
    """Trains on scikit-learn's digits, enlarged from 8x8 to 16x16 pixels."""
    config.steps = steps
    config.data.name = "digits"
    config.data.image_size = 16
    config.data.resize = "bilinear"
    config.log.every = 100
    config.checkpoint.every = 1000
    config.evaluation.every = 1000


def tiny(config: ConfigDict, *, image_size: int, channels: int = 1) -> ConfigDict:
    """Makes two steps of narrow networks on random images of a config, for tests."""
    config.network.width = 0.1
    if config.method == "amm":  # the others have a component for each class
        config.game.components = 3
    config.data.labelled_balanced = True  # so that the few labels are of all classes
    common.use_random_data(config, image_size=image_size, channels=channels)
    return config

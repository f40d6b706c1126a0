"""Learned priors and their baseline in an eighth of the widths."""

from aae_jax.reproduction.small.shared import SVHN_IMAGES
from aae_jax.reproduction.tables import Number, Row, Table

# Of the learned prior's configs: networks and rates that a CPU trains in half an hour.
_NARROW = {
    "network.width": 0.125,
    "batch_size": 64,
    "ema_decay": 0.998,
    "optimizer.aae.learning_rate": 5e-4,
}
_IMAGE_GAME = {"optimizer.prior_improvement.learning_rate": 5e-4}
_SAMPLES = (Number("fid"), Number("inception_score"), Number("reconstruction_mse"))
_OF_LABELS = (Number("sample_agreement"), *_SAMPLES)
_OF_CLUSTERS = (Number("clustering_error_majority"), *_SAMPLES)


def _narrow(label: str, kind: str, numbers: tuple[Number, ...], *, image_game: bool = True) -> Row:
    """A row of a learned prior, or of its baseline, in an eighth of the widths."""
    overrides = _NARROW | (_IMAGE_GAME if image_game else {})
    first = {"evaluation.classifier": "classifier_mnist_32"}
    return Row(label, f"learned_prior_mnist{kind}", numbers, overrides, first)


TABLES = (
    Table(
        "learned_prior_narrow",
        "MNIST in narrow networks",
        "Samples from learned and fixed priors, by an eighth of the paper's widths",
        (
            _narrow("8-D code, learned prior", "", _SAMPLES),
            _narrow("8-D code, AAE", "_aae", _SAMPLES, image_game=False),
            _narrow("100-D code, learned prior", "_100", _SAMPLES),
            _narrow("100-D code, AAE", "_100_aae", _SAMPLES, image_game=False),
            _narrow("labels, learned prior", "_labels", _OF_LABELS),
            _narrow("labels, AAE", "_labels_aae", _OF_LABELS),
            _narrow("10 clusters, learned prior", "_10_clusters", _OF_CLUSTERS),
            _narrow("10 clusters, AAE", "_10_clusters_aae", _OF_CLUSTERS),
        ),
        trials=1,
        protocol=(
            "Batches of 64, rates of 5e-4, averaged parameters; the rest as in the configs.",
            "The judge is the classifier of classifier_mnist_32, not Inception.",
        ),
    ),
    Table(
        "learned_prior_narrow_colour",
        "CIFAR-10 and 8,000 images of SVHN in narrow networks",
        "Samples from learned and fixed priors, by an eighth of the paper's widths",
        (
            Row(
                "CIFAR-10, 64-D code, learned prior",
                "learned_prior_cifar10",
                (Number("reconstruction_mse"),),
                _NARROW | _IMAGE_GAME,
            ),
            Row(
                "CIFAR-10, 64-D code, AAE",
                "learned_prior_cifar10_aae",
                (Number("reconstruction_mse"),),
                _NARROW,
            ),
            Row(
                "SVHN with labels, learned prior",
                "learned_prior_svhn_labels",
                (Number("classification_error"), Number("reconstruction_mse")),
                _NARROW | _IMAGE_GAME | SVHN_IMAGES,
            ),
        ),
        trials=1,
        protocol=(
            "Batches of 64, rates of 5e-4, averaged parameters; the rest as in the configs.",
        ),
    ),
)

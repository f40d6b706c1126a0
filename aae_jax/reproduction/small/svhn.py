"""Several methods on a part of SVHN."""

from aae_jax.reproduction.shared import CLUSTERS, CODES
from aae_jax.reproduction.small.shared import BLURRED, QUARTER, SVHN_IMAGES
from aae_jax.reproduction.tables import Number, Row, Table

_PROTOCOL = (
    "The images are 10,000 of the published test set: figures are not comparable with published "
    "ones."
)
# Of the mixture model's configs on SVHN: what a CPU trains in an hour and a half, on images of
# which 2,000 are left to test on; its prior and penalty are those of amm_mnist_fixed_prior.
_MIXTURE = {
    **SVHN_IMAGES,
    "network.width": 0.25,
    "batch_size": 32,
    "ema_decay": 0.998,
    "optimizer.learning_rate": 5e-4,
    "game.prior": "fixed",
    "game.prior_directions": "random",
    "game.gradient_penalty": 1.0,
}

TABLES = (
    Table(
        "svhn_part",
        "8,000 images of SVHN",
        "Methods that are trained on a part of SVHN's test images and tested on the rest",
        (
            Row(
                "AMM, 30 components",
                "amm_svhn",
                (*CLUSTERS, Number("reconstruction_mse")),
                _MIXTURE,
            ),
            Row(
                "AAE, style and label apart",
                "aae_svhn_style",
                CODES,
                SVHN_IMAGES,
                figures=("style_by_label",),
                steps=12_000,
            ),
            Row(
                "AAE, 1,000 labels",
                "aae_svhn_1000_labels",
                (Number("classification_error"), Number("reconstruction_mse")),
                SVHN_IMAGES,
                figures=("style_by_label",),
                steps=10_000,
            ),
        ),
        trials=1,
        protocol=(
            _PROTOCOL,
            "AMM: networks of a quarter of the widths, batches of 32, rates of 5e-4, averaged "
            "parameters, a fixed prior of separated means (in random directions) and penalty "
            "1; the rest as in the config.",
            "AAE: as in the configs, whose length is for nine times as many images.",
        ),
        figures=("samples_per_component", "reconstructions"),
    ),
    Table(
        "svhn_part_implicit",
        "8,000 images of SVHN, implicit autoencoders in narrow networks",
        "Reconstructions and labels by a quarter of the widths",
        (
            Row(
                "IAE, 150-D code",
                "iae_svhn_deterministic",
                CODES,
                SVHN_IMAGES | QUARTER,
                figures=("reconstructions",),
                steps=6000,
            ),
            Row(
                "IAE, 75-D code, 1000-D noise",
                "iae_svhn_stochastic",
                CODES,
                SVHN_IMAGES | QUARTER | BLURRED,
                figures=("stochastic_reconstructions",),
                steps=6000,
            ),
            Row(
                "IAE, 1,000 labels",
                "iae_svhn_1000_labels",
                (Number("classification_error"),),
                SVHN_IMAGES | QUARTER,
                figures=("style_by_component",),
                steps=6000,
            ),
        ),
        trials=1,
        protocol=(
            _PROTOCOL,
            "75 epochs. Where reconstructions are drawn, D(x, z) sees images with Gaussian noise, "
            "which falls.",
        ),
    ),
)

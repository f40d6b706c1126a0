"""The papers' experiments in small, by narrow networks or on few images: what a CPU can train.

What differs from the configs is in each row, and said in each table's protocol.
"""

from dataclasses import replace
from typing import Any

from aae_jax.reproduction.shared import (
    AGREEMENT,
    CLASSES,
    CLUSTERS,
    CODES,
    KEPT,
    MIXTURE_CLUSTERS,
    MNIST_JUDGE,
    TEN_CLUSTERS,
    TEN_MIXTURE_CLUSTERS,
)
from aae_jax.reproduction.tables import Number, Row, Table

# Images of SVHN's published test set to train on, and 2,000 others to test on.
_SVHN_IMAGES = {"data.train_split": "test[:8000]", "data.test_split": "test[8000:]"}

_SVHN_PROTOCOL = (
    "The images are 10,000 of the published test set: figures are not comparable with published "
    "ones."
)

# Of the mixture model's configs on SVHN: what a CPU trains in an hour and a half, on images of
# which 2,000 are left to test on; its prior and penalty are those of amm_mnist_fixed_prior.
_SVHN_PART = {
    **_SVHN_IMAGES,
    "network.width": 0.25,
    "batch_size": 32,
    "ema_decay": 0.998,
    "optimizer.learning_rate": 5e-4,
    "game.prior": "fixed",
    "game.prior_directions": "random",
    "game.gradient_penalty": 1.0,
}

# Of the implicit autoencoders' configs: networks that a CPU trains for 30 epochs in half an hour.
_QUARTER = {"network.width": 0.25}
# A rate for networks so narrow, where the configs have 2e-4.
_QUICKER = 1e-3


def _flipped(rate: float) -> dict[str, Any]:
    """What differs from FIAE's configs in networks so narrow."""
    phases = ("regularisation", "reconstruction")
    return _QUARTER | {f"optimizer.{phase}.learning_rate": rate for phase in phases}


# Noise on what the implicit autoencoder's D(x, z) sees, as FIAE's configs have it.
_BLURRED = {"game.noise": 0.3, "game.noise_epochs": 100.0}


def _draws(code: int, *, blurred: bool = False) -> Row:
    """A row of several reconstructions of each digit from a code of so many dimensions."""
    label = f"IAE, {code}-D code, 100-D noise"
    return Row(
        f"{label}, noise on what D(x, z) sees" if blurred else label,
        f"iae_mnist_stochastic_{code}",
        (*CODES, *KEPT),
        _QUARTER | (_BLURRED if blurred else {}),
        MNIST_JUDGE,
        figures=("stochastic_reconstructions",),
    )


# FIAE's clusters as the paper words them, by a recognition network that gives probabilities.
_AS_WORDED = {
    "game.recognition_noise": 20,
    "game.hard_codes": False,
    "game.code_scale": 1.0,
    "network.conditioning": "location_invariant",
}
_NARROW_IMPLICIT = (
    "All but the widths is as in the configs, and what rows name; the rates of FIAE and InfoGAN "
    "are 1e-3, five times theirs, of FIAE's one-hot clusters half of that."
)
# Of configs for the embedded digits: another set in the same pixels.
_SMALL_DIGITS = {"data.name": "mnist"}
# Of the mixture model's configs on MNIST: what those for the embedded digits have.
_AS_DIGITS = {
    "network.name": "amm_digits",
    "data.image_size": 16,
    "data.resize": "bilinear",
    "game.code": 16,
    "game.gradient_penalty": 1.0,
    "optimizer.learning_rate": 5e-4,
    "ema_decay": 0.999,
}
# Draws near the corners, as a softmax gives them: softmax(6 e_k + n).
_SOFT = 1 / 6

# Of the clustering autoencoder's configs: networks and rates that a CPU trains in half an hour.
_FEWER_UNITS = {
    "network.hidden": [1000, 1000],
    **{
        f"optimizer.{phase}.drops": [35, 1000]
        for phase in ("reconstruction", "discriminator", "generator")
    },
}

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


def _adversarial(label: str, config: str, noise: dict[str, Any], note: str = "") -> Row:
    """AIM or a game that it is compared with, in a quarter of the widths."""
    overrides = {**_QUARTER, "optimizer.learning_rate": _QUICKER, **noise}
    score = (Number("inception_score"),)
    return Row(label, config, score, overrides, MNIST_JUDGE, note, steps=6000)


def _inferring(label: str, config: str, noise: dict[str, Any], note: str = "") -> Row:
    """The same, of a game that infers codes."""
    row = _adversarial(label, config, noise, note)
    return replace(row, numbers=(*CODES, *row.numbers), figures=("reconstructions",))


TABLES = (
    Table(
        "mnist_clusters_narrow",
        "MNIST, clusters of an adversarial autoencoder in narrow networks",
        "Test digits in a cluster of another digit, by two rules",
        tuple(
            Row(
                f"{k} clusters",
                f"aae_mnist_{k}_clusters",
                (Number("clustering_error_exemplar"), *CLUSTERS),
                _FEWER_UNITS,
            )
            for k in (16, 30)
        ),
        trials=1,
        protocol=(
            "Layers of 1,000 units, 3,000 in the paper; rates a tenth after 35 epochs, not 50.",
        ),
        figures=("cluster_matrix",),
    ),
    Table(
        "iae_narrow",
        "MNIST, implicit autoencoders in narrow networks",
        "Test digits misclassified or in another digit's cluster, by a quarter of the widths",
        (
            Row(
                "IAE, 100 labels",
                "iae_mnist_100_labels",
                (Number("classification_error"),),
                _QUARTER,
            ),
            Row(
                "IAE, 100 labels, codes read as they are",
                "iae_mnist_100_labels",
                (Number("classification_error"),),
                {**_QUARTER, "game.code_scale": 1.0},
            ),
            Row(
                "IAE, 30 clusters",
                "iae_mnist_30_clusters",
                (*CLUSTERS, Number("clusters_used")),
                _QUARTER,
            ),
            Row(
                "IAE, 30 clusters, soft draws of the prior",
                "iae_mnist_30_clusters",
                (*CLUSTERS, Number("clusters_used")),
                {**_QUARTER, "game.prior.softness": _SOFT},
            ),
            Row(
                "FIAE, 10 clusters",
                "fiae_mnist_10_clusters",
                CLUSTERS,
                _flipped(_QUICKER / 2),
            ),
            Row(
                "FIAE, 10 clusters, the paper's noise and conditioning, soft codes",
                "fiae_mnist_10_clusters",
                CLUSTERS,
                _flipped(_QUICKER) | _AS_WORDED,
                note="clusters say little of a digit: a recognition network with noise may answer "
                "with any cluster if the generator makes any digit of each.",
            ),
            Row(
                "InfoGAN, 10 clusters",
                "infogan_mnist_10_clusters",
                CLUSTERS,
                _QUARTER | {"optimizer.learning_rate": _QUICKER},
            ),
        ),
        trials=1,
        protocol=(_NARROW_IMPLICIT,),
        figures=("style_by_component", "cluster_matrix"),
    ),
    Table(
        "iae_narrow_codes",
        "MNIST, reconstructions by implicit autoencoders in narrow networks",
        "Squared error of reconstructions and match of codes, by a quarter of the widths",
        (
            _draws(5),
            _draws(5, blurred=True),
            _draws(10, blurred=True),
            Row(
                "IAE, 10-D code that matches no prior, 100-D noise, noise on what D(x, z) sees",
                "iae_mnist_stochastic_10_free",
                (CODES[0], *KEPT),
                _QUARTER | _BLURRED,
                MNIST_JUDGE,
                figures=("stochastic_reconstructions",),
            ),
            Row(
                "IAE, 20-D code that matches no prior",
                "iae_mnist_deterministic_free",
                (CODES[0], KEPT[0]),
                _QUARTER,
                MNIST_JUDGE,
                figures=("reconstructions",),
            ),
            Row(
                "FIAE, reconstructions",
                "fiae_mnist",
                (*CODES, KEPT[0]),
                _flipped(_QUICKER),
                MNIST_JUDGE,
                figures=("reconstructions", "samples"),
            ),
            Row(
                "GAN, whose codes nobody infers",
                "gan_mnist",
                (Number("inception_score"),),
                _QUARTER | {"optimizer.learning_rate": _QUICKER},
                MNIST_JUDGE,
                figures=("samples", "samples_with_neighbours"),
            ),
        ),
        trials=1,
        protocol=(_NARROW_IMPLICIT, AGREEMENT),
    ),
    Table(
        "mnist_variants_small",
        "MNIST in 16x16 pixels, variants of the mixture model in small networks",
        "What the mixture model's paper offers without a number",
        (
            Row(
                "conditional ALI",
                "conditional_ali_mnist",
                CODES,
                _AS_DIGITS,
                figures=("style_by_label",),
                steps=6000,
            ),
            Row(
                "AMM, y and z independent",
                "amm_mnist_independent",
                (*TEN_CLUSTERS, Number("reconstruction_mse")),
                _AS_DIGITS,
                steps=12_000,
            ),
        ),
        trials=1,
        protocol=(
            "Networks, code, penalty, rate and averaging are those of the configs for the embedded "
            "digits; of the rows' own remain the game, the prior and the 55,000 images.",
        ),
        figures=("samples_per_component", "reconstructions"),
    ),
    Table(
        "mnist_mixture_small",
        "MNIST in 16x16 pixels, mixtures in small networks",
        "Test digits in a cluster of another digit, or misclassified from labels",
        (
            *(
                Row(
                    f"AMM, {k} components",
                    "amm_digits",
                    TEN_MIXTURE_CLUSTERS if k == 10 else MIXTURE_CLUSTERS,
                    _SMALL_DIGITS | ({} if k == 10 else {"game.components": k}),
                    steps=12_000,
                )
                for k in (10, 20, 30)
            ),
            Row(
                "AMM, 10 components, means that move out over 30 epochs",
                "amm_digits",
                TEN_MIXTURE_CLUSTERS,
                {**_SMALL_DIGITS, "game.prior_radius": 6.0, "game.prior_epochs": 30.0},
                steps=24_000,
            ),
            Row(
                "AMM, the paper's prior, code, penalty and rate",
                "amm_digits",
                TEN_MIXTURE_CLUSTERS,
                {
                    **_SMALL_DIGITS,
                    "game.prior": "learned",
                    "game.code": 64,
                    "game.gradient_penalty": 10.0,
                    "optimizer.learning_rate": 2e-4,
                },
                note="the encoder's y uses few of the components; the learned means of several "
                "have met.",
                steps=55_000,
            ),
            Row("SAMM, 100 labels", "samm_digits", CLASSES, _SMALL_DIGITS),
            Row(
                "SAMM, all labels",
                "samm_digits",
                CLASSES,
                {**_SMALL_DIGITS, "data.labelled": 60_000, "data.labelled_balanced": False},
                steps=24_000,
            ),
        ),
        trials=1,
        protocol=(
            "All but what the rows name is as in the configs for the embedded digits, whose "
            "networks, code, rate and averaging of parameters are ours.",
            "All 60,000 training images are trained on.",
        ),
        figures=("samples_per_component",),
    ),
    Table(
        "aim_narrow",
        "MNIST, AIM and what it is compared with in narrow networks",
        "Squared error of reconstructions, and inception score, by a quarter of the widths",
        (
            _adversarial("GAN", "gan_mnist_aim", {}),
            _inferring("AIM", "aim_mnist", {}),
            _inferring("AIM-", "aim_minus_mnist", {}),
            _inferring("ALICE", "alice_mnist", {}),
            _inferring(
                "ALI", "ali_mnist", {}, note="its discriminator wins, and samples become noise."
            ),
            _inferring(
                "ALI, noise on what its discriminator sees",
                "ali_mnist",
                {"game.noise": 0.3, "game.noise_epochs": 400.0},
            ),
        ),
        trials=3,
        protocol=(
            "Ten epochs at rates that begin with 1e-3; the configs have 400, at a fifth of the "
            "rates, which are too low for weights of 0.02 in layers so narrow.",
            "All settings were chosen for AIM, but for the noise of the last row.",
            "The judge is the classifier of classifier_mnist.",
        ),
        figures=("samples",),
    ),
    Table(
        "svhn_part",
        "8,000 images of SVHN",
        "Methods that are trained on a part of SVHN's test images and tested on the rest",
        (
            Row(
                "AMM, 30 components",
                "amm_svhn",
                (*CLUSTERS, Number("reconstruction_mse")),
                _SVHN_PART,
            ),
            Row(
                "AAE, style and label apart",
                "aae_svhn_style",
                CODES,
                _SVHN_IMAGES,
                figures=("style_by_label",),
                steps=12_000,
            ),
            Row(
                "AAE, 1,000 labels",
                "aae_svhn_1000_labels",
                (Number("classification_error"), Number("reconstruction_mse")),
                _SVHN_IMAGES,
                figures=("style_by_label",),
                steps=10_000,
            ),
        ),
        trials=1,
        protocol=(
            _SVHN_PROTOCOL,
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
                _SVHN_IMAGES | _QUARTER,
                figures=("reconstructions",),
                steps=6000,
            ),
            Row(
                "IAE, 75-D code, 1000-D noise",
                "iae_svhn_stochastic",
                CODES,
                _SVHN_IMAGES | _QUARTER | _BLURRED,
                figures=("stochastic_reconstructions",),
                steps=6000,
            ),
            Row(
                "IAE, 1,000 labels",
                "iae_svhn_1000_labels",
                (Number("classification_error"),),
                _SVHN_IMAGES | _QUARTER,
                figures=("style_by_component",),
                steps=6000,
            ),
        ),
        trials=1,
        protocol=(
            _SVHN_PROTOCOL,
            "75 epochs. Where reconstructions are drawn, D(x, z) sees images with Gaussian noise, "
            "which falls.",
        ),
    ),
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
                _NARROW | _IMAGE_GAME | _SVHN_IMAGES,
            ),
        ),
        trials=1,
        protocol=(
            "Batches of 64, rates of 5e-4, averaged parameters; the rest as in the configs.",
        ),
    ),
)

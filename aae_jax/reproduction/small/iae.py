"""IAE, FIAE and their baselines on MNIST in a quarter of the widths."""

from typing import Any

from aae_jax.reproduction.shared import AGREEMENT, CLUSTERS, CODES, KEPT, MNIST_JUDGE
from aae_jax.reproduction.small.shared import BLURRED, QUARTER, QUICKER
from aae_jax.reproduction.tables import Number, Row, Table


def _flipped(rate: float) -> dict[str, Any]:
    """What differs from FIAE's configs in networks so narrow."""
    phases = ("regularisation", "reconstruction")
    return QUARTER | {f"optimizer.{phase}.learning_rate": rate for phase in phases}


def _draws(code: int, *, blurred: bool = False) -> Row:
    """A row of several reconstructions of each digit from a code of so many dimensions."""
    label = f"IAE, {code}-D code, 100-D noise"
    return Row(
        f"{label}, noise on what D(x, z) sees" if blurred else label,
        f"iae_mnist_stochastic_{code}",
        (*CODES, *KEPT),
        QUARTER | (BLURRED if blurred else {}),
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

# Draws near the corners, as a softmax gives them: softmax(6 e_k + n).
_SOFT = 1 / 6

TABLES = (
    Table(
        "iae_narrow",
        "MNIST, implicit autoencoders in narrow networks",
        "Test digits misclassified or in another digit's cluster, by a quarter of the widths",
        (
            Row(
                "IAE, 100 labels",
                "iae_mnist_100_labels",
                (Number("classification_error"),),
                QUARTER,
            ),
            Row(
                "IAE, 100 labels, codes read as they are",
                "iae_mnist_100_labels",
                (Number("classification_error"),),
                {**QUARTER, "game.code_scale": 1.0},
            ),
            Row(
                "IAE, 30 clusters",
                "iae_mnist_30_clusters",
                (*CLUSTERS, Number("clusters_used")),
                QUARTER,
            ),
            Row(
                "IAE, 30 clusters, soft draws of the prior",
                "iae_mnist_30_clusters",
                (*CLUSTERS, Number("clusters_used")),
                {**QUARTER, "game.prior.softness": _SOFT},
            ),
            Row(
                "FIAE, 10 clusters",
                "fiae_mnist_10_clusters",
                CLUSTERS,
                _flipped(QUICKER / 2),
            ),
            Row(
                "FIAE, 10 clusters, the paper's noise and conditioning, soft codes",
                "fiae_mnist_10_clusters",
                CLUSTERS,
                _flipped(QUICKER) | _AS_WORDED,
                note="clusters say little of a digit: a recognition network with noise may answer "
                "with any cluster if the generator makes any digit of each.",
            ),
            Row(
                "InfoGAN, 10 clusters",
                "infogan_mnist_10_clusters",
                CLUSTERS,
                QUARTER | {"optimizer.learning_rate": QUICKER},
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
                QUARTER | BLURRED,
                MNIST_JUDGE,
                figures=("stochastic_reconstructions",),
            ),
            Row(
                "IAE, 20-D code that matches no prior",
                "iae_mnist_deterministic_free",
                (CODES[0], KEPT[0]),
                QUARTER,
                MNIST_JUDGE,
                figures=("reconstructions",),
            ),
            Row(
                "FIAE, reconstructions",
                "fiae_mnist",
                (*CODES, KEPT[0]),
                _flipped(QUICKER),
                MNIST_JUDGE,
                figures=("reconstructions", "samples"),
            ),
            Row(
                "GAN, whose codes nobody infers",
                "gan_mnist",
                (Number("inception_score"),),
                QUARTER | {"optimizer.learning_rate": QUICKER},
                MNIST_JUDGE,
                figures=("samples", "samples_with_neighbours"),
            ),
        ),
        trials=1,
        protocol=(_NARROW_IMPLICIT, AGREEMENT),
    ),
)

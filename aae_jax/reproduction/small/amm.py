"""AMM, SAMM and conditional ALI on MNIST by the networks for the embedded digits."""

from aae_jax.reproduction.shared import (
    CLASSES,
    CODES,
    MIXTURE_CLUSTERS,
    TEN_CLUSTERS,
    TEN_MIXTURE_CLUSTERS,
)
from aae_jax.reproduction.tables import Number, Row, Table

# Of configs for the embedded digits: another set in the same pixels.
_SMALL_DIGITS = {"data.name": "mnist"}
# Where the means of its mixture end further out than in those configs.
_LONG_MEANS = {**_SMALL_DIGITS, "game.prior_radius": 6.0}
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

TABLES = (
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
                "AMM, 10 components, means that stay at 6",
                "amm_digits",
                TEN_MIXTURE_CLUSTERS,
                _LONG_MEANS,
                steps=24_000,
            ),
            *(
                Row(
                    f"AMM, 10 components, means that move out to 6 over {epochs} epochs",
                    "amm_digits",
                    TEN_MIXTURE_CLUSTERS,
                    {**_LONG_MEANS, "game.prior_epochs": float(epochs)},
                    steps=800 * epochs,  # a third longer than they move, at 600 an epoch
                )
                for epochs in (30, 60)
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
)

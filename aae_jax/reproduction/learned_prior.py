""" "Learning Priors for Adversarial Autoencoders": its table and figures."""

from aae_jax.reproduction.shared import CODES
from aae_jax.reproduction.tables import Number, Paper, Row, Table

_OURS = "The length, batch, rates and weights are ours; the paper prints none."
_INCEPTION = "Inception's weights, since the paper's score is by that network"
_CLASSES = (Number("classification_error"), Number("reconstruction_mse"))
_CLUSTERS = (Number("clustering_error_majority"), Number("reconstruction_mse"))


def _pair(data: str, kind: str, numbers: tuple[Number, ...]) -> tuple[Row, Row]:
    """A run of the method and its baseline's."""
    config = f"learned_prior_{data}{kind}"
    name = {"mnist": "MNIST", "svhn": "SVHN", "cifar10": "CIFAR-10"}[data]
    return (
        Row(f"{name}, learned prior", config, numbers),
        Row(f"{name}, AAE", f"{config}_aae", numbers),
    )


PAPER = Paper(
    "Learning Priors for Adversarial Autoencoders",
    (
        Table(
            "learned_prior_table_1",
            "Table 1",
            "Inception score on CIFAR-10",
            (
                Row(
                    "learned prior",
                    "learned_prior_cifar10",
                    (Number("inception_score", "6.52", _INCEPTION),),
                ),
                Row(
                    "Gaussian prior",
                    "learned_prior_cifar10_gaussian",
                    (Number("inception_score", "6.02", _INCEPTION),),
                ),
            ),
            figures=("samples_with_neighbours",),
            protocol=(_OURS, "The paper gives no number of trials."),
        ),
        Table(
            "learned_prior_figure_5",
            "Fig. 5",
            "Samples from small codes",
            (*_pair("mnist", "", CODES), *_pair("cifar10", "", CODES)),
            trials=1,
            figures=("samples_with_neighbours",),
            protocol=(_OURS,),
        ),
        Table(
            "learned_prior_figure_6",
            "Fig. 6",
            "Samples from large codes",
            (*_pair("mnist", "_100", CODES), *_pair("cifar10", "_2000", CODES)),
            trials=1,
            figures=("samples_with_neighbours",),
            protocol=(_OURS, "On MNIST the paper has 64 dimensions in one place, 100 in another."),
        ),
        Table(
            "learned_prior_figure_8",
            "Figs. 8 and 9",
            "Labels and styles apart, from labels; codes of the prior",
            tuple(
                row for d in ("mnist", "svhn", "cifar10") for row in _pair(d, "_labels", _CLASSES)
            ),
            trials=1,
            figures=("style_by_component", "prior_tsne"),
            protocol=(_OURS,),
        ),
        Table(
            "learned_prior_figure_11",
            "Figs. 11 and 12",
            "Classes and styles apart, without labels; codes of prior and encoder",
            tuple(
                row
                for d in ("mnist", "svhn", "cifar10")
                for row in _pair(d, "_10_clusters", _CLUSTERS)
            ),
            trials=1,
            figures=("style_by_component", "prior_tsne"),
            protocol=(_OURS,),
        ),
        Table(
            "learned_prior_figure_13",
            "Figs. 13 and 14",
            "Flowers from captions, and their colours changed",
            (
                Row(
                    "flowers",
                    "learned_prior_flowers_text",
                    first={"data.caption_encoder": "caption_encoder_flowers"},
                    figures=("captions_with_samples", "colour_swaps"),
                ),
            ),
            trials=1,
            protocol=(
                _OURS,
                "data.dir must name the folder of the Oxford 102 flowers with ten captions each.",
                "The paper does not describe its sentence embeddings; ours are trained here.",
            ),
        ),
    ),
)

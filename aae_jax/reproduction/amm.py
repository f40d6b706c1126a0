""" "Adversarially Learned Mixture Model": its tables and figures."""

from aae_jax.reproduction.shared import ONE_DRAW_OF_LABELS
from aae_jax.reproduction.tables import Number, Paper, Row, Table

_PICTURES = (
    "samples_per_component",
    "test_by_cluster",
    "reconstructions",
    "interpolations",
    "cluster_matrix",
    "tsne",
)
_MNIST_LENGTH = "On MNIST the length, 100 epochs, is ours; 5,000 images are held out as there."
_SVHN_DATA = (
    "On SVHN the unsupervised models train on the 531,131 images of extra, the semi-supervised one "
    "on the 73,257 of train; the length, 100,000 steps, is ours."
)
_TEN = "hungarian"
_MORE = "majority"
_MAPPING = (
    "Eq. 17 maximises over all mappings of clusters to labels. Here ten clusters are matched to "
    "the ten labels one to one, which is harder; of more, each takes its majority's label."
)
_HE = "The discriminator starts from He's weights, not from the paper's of deviation 0.02."
# Where the paper says two things, or none.
_READINGS = (
    "Batches are of 100 images, the penalty is of one norm over x, y and z together, dropout acts "
    "on what a layer reads; the paper leaves these open. Its tables are followed where its words "
    "differ: q2 is played, y~ and z~ are drawn independently given x, not z~ from y~ (Eq. 10)."
)
_UNIT_VARIANCE = (
    "On MNIST components have unit variance (Table 4); Section 4.2 says that it is learned."
)
_TABLE_9 = (
    "Two rows of Table 9 are changed, as printed maps reach 16x16 pixels only: the fifth stage has "
    "width 4 and stride 2, the sixth width 5."
)
_ONE_BRANCH = (
    "Both games of SAMM share z's branch of the encoder; given labels are read in the place of the "
    "features of y's."
)
# The paper's accuracy, Eq. 17, is of labels that it writes as those of Eq. 19, Bayes' rule on z.
_CLASSIFIERS = (
    "Eq. 17 writes the predicted cluster as it does the prediction by Bayes' rule on z (Eq. 19), "
    "so the paper's clustering errors stand beside that rule's; the encoder's y is the other "
    "number."
)


def _clusters(rule: str, paper: str = "") -> tuple[Number, Number]:
    """Clustering error by Bayes' rule, the paper's, and by the encoder's y."""
    error = f"clustering_error_{rule}"
    return Number(f"bayes_{error}", paper), Number(error)


PAPER = Paper(
    "Adversarially Learned Mixture Model",
    (
        Table(
            "amm_table_1",
            "Table 1",
            "Test images in a cluster of another label",
            (
                Row("MNIST, K = 10", "amm_mnist", _clusters(_TEN, "3.32 ± 0.39")),
                Row("MNIST, K = 20", "amm_mnist_20", _clusters(_MORE, "3.99 ± 0.79")),
                Row("MNIST, K = 30", "amm_mnist_30", _clusters(_MORE, "4.01 ± 1.11")),
                Row("SVHN, K = 10", "amm_svhn_10", _clusters(_TEN)),
                Row("SVHN, K = 20", "amm_svhn_20", _clusters(_MORE, "35.0 ± 5.24")),
                Row("SVHN, K = 30", "amm_svhn", _clusters(_MORE, "20.4 ± 0.80")),
                Row(
                    "MNIST, AAE, K = 30 (quoted)",
                    "aae_mnist_30_clusters",
                    (Number("clustering_error_exemplar", "4.10 ± 1.13"),),
                ),
            ),
            figures=_PICTURES[:1],
            protocol=(
                _CLASSIFIERS,
                _MAPPING,
                _HE,
                _READINGS,
                _UNIT_VARIANCE,
                _TABLE_9,
                _MNIST_LENGTH,
                _SVHN_DATA,
            ),
        ),
        Table(
            "amm_table_2",
            "Table 2",
            "SVHN test images misclassified, from 1,000 labels",
            (
                Row(
                    "SAMM",
                    "samm_svhn_1000_labels",
                    (
                        Number("classification_error", "5.60 ± 0.45"),
                        Number("bayes_classification_error"),
                    ),
                ),
                Row(
                    "AAE (quoted)",
                    "aae_svhn_1000_labels",
                    (Number("classification_error", "17.70 ± 0.24"),),
                ),
            ),
            figures=_PICTURES[:1],
            protocol=(
                "The paper leaves open which classifier its number is of; it stands beside the "
                "encoder's y here.",
                _HE,
                _READINGS,
                _ONE_BRANCH,
                _TABLE_9,
                _SVHN_DATA,
                ONE_DRAW_OF_LABELS,
            ),
        ),
        Table(
            "amm_figure_2",
            "Fig. 2",
            "MNIST with 10 components: samples, clusters, interpolations, embeddings",
            (Row("AMM, K = 10", "amm_mnist", _clusters(_TEN)),),
            trials=1,
            figures=_PICTURES,
            protocol=(_CLASSIFIERS, _MAPPING, _HE, _READINGS, _UNIT_VARIANCE, _MNIST_LENGTH),
        ),
        Table(
            "amm_figure_3",
            "Fig. 3",
            "SVHN with 30 components: samples, embeddings, interpolations, clusters",
            (Row("AMM, K = 30", "amm_svhn", _clusters(_MORE)),),
            trials=1,
            figures=_PICTURES,
            protocol=(_CLASSIFIERS, _MAPPING, _HE, _READINGS, _TABLE_9, _SVHN_DATA),
        ),
        Table(
            "amm_figure_4",
            "Fig. 4",
            "SVHN with 1,000 labels: predictions, samples, two confusion matrices",
            (
                Row(
                    "SAMM",
                    "samm_svhn_1000_labels",
                    (Number("classification_error"), Number("bayes_classification_error")),
                ),
            ),
            trials=1,
            figures=(
                "test_by_cluster",
                "samples_per_component",
                "interpolations",
                "tsne",
                "confusion_matrices",
            ),
            protocol=(_HE, _READINGS, _ONE_BRANCH, _TABLE_9, _SVHN_DATA),
        ),
    ),
)

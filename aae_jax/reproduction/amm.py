""" "Adversarially Learned Mixture Model": its tables and figures."""

from aae_jax.reproduction.shared import ONE_DRAW_OF_LABELS
from aae_jax.reproduction.tables import Number, Paper, Row, Table

_PICTURES = (
    "samples_per_component",
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
_TEN = "clustering_error_hungarian"
_MORE = "clustering_error_majority"

PAPER = Paper(
    "Adversarially Learned Mixture Model",
    (
        Table(
            "amm_table_1",
            "Table 1",
            "Test images in a cluster of another label",
            (
                Row("MNIST, K = 10", "amm_mnist", (Number(_TEN, "3.32 ± 0.39"),)),
                Row("MNIST, K = 20", "amm_mnist_20", (Number(_MORE, "3.99 ± 0.79"),)),
                Row("MNIST, K = 30", "amm_mnist_30", (Number(_MORE, "4.01 ± 1.11"),)),
                Row("SVHN, K = 10", "amm_svhn_10", (Number(_TEN),)),
                Row("SVHN, K = 20", "amm_svhn_20", (Number(_MORE, "35.0 ± 5.24"),)),
                Row("SVHN, K = 30", "amm_svhn", (Number(_MORE, "20.4 ± 0.80"),)),
                Row(
                    "MNIST, AAE, K = 30 (quoted)",
                    "aae_mnist_30_clusters",
                    (Number("clustering_error_exemplar", "4.10 ± 1.13"),),
                ),
            ),
            figures=_PICTURES[:1],
            protocol=(_MNIST_LENGTH, _SVHN_DATA),
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
            protocol=(_SVHN_DATA, ONE_DRAW_OF_LABELS),
        ),
        Table(
            "amm_figure_2",
            "Fig. 2",
            "MNIST with 10 components: samples, clusters, interpolations, embeddings",
            (Row("AMM, K = 10", "amm_mnist", (Number(_TEN),)),),
            trials=1,
            figures=_PICTURES,
            protocol=(_MNIST_LENGTH,),
        ),
        Table(
            "amm_figure_3",
            "Fig. 3",
            "SVHN with 30 components: samples, embeddings, interpolations, clusters",
            (Row("AMM, K = 30", "amm_svhn", (Number(_MORE),)),),
            trials=1,
            figures=_PICTURES,
            protocol=(_SVHN_DATA,),
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
            protocol=(_SVHN_DATA,),
        ),
    ),
)

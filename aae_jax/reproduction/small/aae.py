"""Clusters of the adversarial autoencoder in narrow networks."""

from aae_jax.reproduction.shared import CLUSTERS
from aae_jax.reproduction.tables import Number, Row, Table

# Of the clustering autoencoder's configs: networks and rates that a CPU trains in half an hour.
_FEWER_UNITS = {
    "network.hidden": [1000, 1000],
    **{
        f"optimizer.{phase}.drops": [35, 1000]
        for phase in ("reconstruction", "discriminator", "generator")
    },
}

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
)

"""What rows of several papers' tables share: numbers, judges, sentences of their protocols."""

from aae_jax.reproduction.tables import Number

# Clusters beside k-means on the pixels.
CLUSTERS = (Number("clustering_error_majority"), Number("kmeans_error_majority"))
# Of a mixture, whose clusters are told by the encoder's y and by Bayes' rule on z.
BY_BAYES = Number("bayes_clustering_error_majority")
MIXTURE_CLUSTERS = (*CLUSTERS, BY_BAYES)
# The same for as many components as classes, by the best one-to-one mapping: the rule of
# "Adversarially Learned Mixture Model" (Eq. 17), beside which others have the majority's.
ONE_TO_ONE = (Number("clustering_error_hungarian"), Number("kmeans_error_hungarian"))
TEN_CLUSTERS = (*CLUSTERS, *ONE_TO_ONE)
TEN_MIXTURE_CLUSTERS = (
    *MIXTURE_CLUSTERS,
    *ONE_TO_ONE,
    Number("bayes_clustering_error_hungarian"),
)
# Both classifiers of a mixture that learns from labels.
CLASSES = (Number("classification_error"), Number("bayes_classification_error"))
# Of an autoencoder.
CODES = (Number("reconstruction_mse"), Number("code_prior_energy"))
# Whether a reconstruction keeps the digit, and how much the draws for one image differ.
KEPT = (Number("label_agreement"), Number("reconstruction_diversity"))

# Who judges digits of MNIST, for `Row.first`.
MNIST_JUDGE = {"evaluation.classifier": "classifier_mnist"}
AGREEMENT = (
    "Label agreement is measured here: the share of reconstructions, five for each test image, to "
    "which the classifier of classifier_mnist gives the label that it gives to the original."
)

# Of tables that have semi-supervised rows.
ONE_DRAW_OF_LABELS = (
    "All trials of a run share one draw of the labelled images, so that the spread leaves it out; "
    "--config.data.split_seed draws others."
)

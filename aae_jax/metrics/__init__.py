"""Numbers that judge a trained model: the table of metrics and what their values mean.

A metric is `fn(model, dataset, seed) -> {value name: float}`, a file of its own here and one line
in `METRICS` that also says what its values mean; one of a user's own needs neither:
`config.evaluation.metrics = ("my_module:METRIC",)`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.metrics import needs as _needs
from aae_jax.metrics.bayes_classification import bayes_classification
from aae_jax.metrics.bayes_classifier import bayes_classifier
from aae_jax.metrics.caption_agreement import caption_agreement
from aae_jax.metrics.caption_words import caption_words
from aae_jax.metrics.classification import classification
from aae_jax.metrics.clustering import clustering
from aae_jax.metrics.code_match import code_match
from aae_jax.metrics.component_modes import component_modes
from aae_jax.metrics.fid import fid
from aae_jax.metrics.inception_score import inception_score
from aae_jax.metrics.kid import kid
from aae_jax.metrics.kmeans import kmeans
from aae_jax.metrics.label_agreement import label_agreement
from aae_jax.metrics.label_component import label_component
from aae_jax.metrics.modes import modes
from aae_jax.metrics.needs import Model, Needs
from aae_jax.metrics.parzen import parzen, parzen_10m
from aae_jax.metrics.posterior_overlap import posterior_overlap
from aae_jax.metrics.posterior_true_match import posterior_true_match
from aae_jax.metrics.precision_recall import precision_recall
from aae_jax.metrics.reconstruction import reconstruction
from aae_jax.metrics.sample_agreement import sample_agreement


@dataclass(frozen=True)
class Value:
    """What one number means.

    Attributes:
        description: one line for a reader who does not know the package.
        better: 'lower', 'higher', or '' for a number that is context rather than a goal.
        fraction: a share in [0, 1], shown in percent.
        count: a whole number in every trial, so that a mean is not rounded to one.
        yardstick_of: the value that this one puts into proportion, by what a trivial or a perfect
            answer scores.
        judged: given by the independent network, where its metric needs one.
    """

    description: str
    better: str
    fraction: bool = False
    count: bool = False
    yardstick_of: str = ""
    judged: bool = True


@dataclass(frozen=True)
class Metric:
    """A metric and what it needs.

    Attributes:
        fn: `fn(model, dataset, seed) -> {value name: float}`.
        needs: what the model and the data must offer.
        values: the numbers that it returns.
        yardstick: depends on the data alone, so that one run serves all trials and all steps.
    """

    fn: Callable[[Model, Any, int], dict[str, float]]
    needs: Needs
    values: Mapping[str, Value]
    yardstick: bool = False


_MAJORITY = "each cluster takes the label that most of its test images have"
_HUNGARIAN = "best one-to-one mapping of clusters to labels; clusters left over count as errors"
_EXEMPLAR = "each cluster takes the label of the image outside the test set that it claims most"
_ERROR = "Test examples in a cluster of another label"
_BAYES = "Error when clusters come from Bayes' rule on the embedding"
_OF_SAMPLES = "2,500 samples"
_TEST_POINTS = "Points of the test set"
_EACH = "10,000 of each, or as many as the smaller split has"
_TRAIN = "Training images in place of samples"
_KMEANS = "k-means on the data with as many clusters"


def _parzen_values(name: str, samples: str) -> dict[str, Value]:
    return {
        f"{name}_log_likelihood": Value(
            f"Log-likelihood of test images, nats: Gaussian kernels on {samples} samples of the "
            "model (Parzen window)",
            "higher",
        ),
        f"{name}_standard_error": Value(
            f"Standard error of the log-likelihood under {samples} samples, over test images", ""
        ),
        f"{name}_sigma": Value(
            f"Kernel width under {samples} samples, chosen on validation images", ""
        ),
        f"{name}_sigma_at_edge": Value(
            "1 if that width is the smallest or largest tried, so that the log-likelihood is a low "
            "estimate; else 0",
            "",
        ),
    }


METRICS = {
    "clustering": Metric(
        clustering,
        Needs(("predict",), labels=True),
        {
            "clustering_error_majority": Value(f"{_ERROR}; {_MAJORITY}", "lower", fraction=True),
            "clustering_error_hungarian": Value(f"{_ERROR}; {_HUNGARIAN}", "lower", fraction=True),
            "clustering_error_exemplar": Value(f"{_ERROR}; {_EXEMPLAR}", "lower", fraction=True),
            "nmi": Value(
                "Normalised mutual information of clusters and labels: 0 unrelated, 1 identical",
                "higher",
            ),
            "ari": Value(
                "Adjusted Rand index of clusters and labels: 0 as good as chance, 1 identical",
                "higher",
            ),
            "clusters_used": Value("Clusters that hold at least one test image", "", count=True),
        },
    ),
    "bayes_classifier": Metric(
        bayes_classifier,
        Needs(("encode", "log_joint", "predict"), labels=True),
        {
            "bayes_clustering_error_majority": Value(
                f"{_BAYES}; {_MAJORITY}", "lower", fraction=True
            ),
            "bayes_clustering_error_hungarian": Value(
                f"{_BAYES}; {_HUNGARIAN}", "lower", fraction=True
            ),
            "bayes_clustering_error_exemplar": Value(
                f"{_BAYES}; {_EXEMPLAR}", "lower", fraction=True
            ),
            "bayes_agreement": Value(
                "Test images that the encoder and Bayes' rule put into the same cluster",
                "higher",
                fraction=True,
            ),
            "bayes_log_likelihood": Value(
                "Mean log-likelihood of test embeddings under the learned mixture, nats", "higher"
            ),
        },
    ),
    "bayes_classification": Metric(
        bayes_classification,
        Needs(("encode", "log_joint"), labels=True, class_components=True),
        {
            "bayes_classification_error": Value(
                "Test images given a wrong class by Bayes' rule on the embedding",
                "lower",
                fraction=True,
            ),
            "bayes_classification_error_worst_class": Value(
                "The same among the images of the class that fares worst by that rule",
                "lower",
                fraction=True,
            ),
        },
    ),
    "classification": Metric(
        classification,
        Needs(("predict",), labels=True, class_components=True),
        {
            "classification_error": Value(
                "Test images given a wrong class", "lower", fraction=True
            ),
            "classification_error_worst_class": Value(
                "The same among the images of the class that fares worst", "lower", fraction=True
            ),
            "classification_error_most_frequent": Value(
                "Always answering the most frequent class",
                "",
                fraction=True,
                yardstick_of="classification_error",
            ),
        },
    ),
    "label_component": Metric(
        label_component,
        Needs(("encode", "component_of"), labels=True, class_components=True),
        {
            "label_component_match": Value(
                "Test images whose code falls in the part of the prior that belongs to their label",
                "higher",
                fraction=True,
            ),
        },
    ),
    "label_agreement": Metric(
        label_agreement,
        Needs(("encode", "decode"), labels=True, data="images", classifier=True),
        {
            "label_agreement": Value(
                "Stochastic reconstructions of test images to which an independent classifier "
                "gives the label that it gives to the original",
                "higher",
                fraction=True,
            ),
            "label_agreement_true": Value(
                "Such reconstructions to which it gives the original's true label",
                "higher",
                fraction=True,
            ),
            "label_agreement_classifier_error": Value(
                "Original test images that the classifier gets wrong",
                "",
                fraction=True,
                yardstick_of="label_agreement_true",
            ),
            "reconstruction_diversity": Value(
                "Standard deviation of a pixel across reconstructions of one test image, as a "
                "fraction of the value range: 0 where the decoder is deterministic",
                "",
                judged=False,
            ),
        },
    ),
    "sample_agreement": Metric(
        sample_agreement,
        Needs(
            ("prior", "decode"), labels=True, class_components=True, data="images", classifier=True
        ),
        {
            "sample_agreement": Value(
                "Samples of each label to which an independent classifier gives that label",
                "higher",
                fraction=True,
            ),
            "sample_agreement_worst_class": Value(
                "Such samples of the label that has the fewest", "higher", fraction=True
            ),
        },
    ),
    "caption_agreement": Metric(
        caption_agreement,
        Needs(
            ("caption_prior", "decode"),
            labels=True,
            data="images",
            classifier=True,
            captions="sentences",
            aspects=("colour", "shape"),
        ),
        {
            "caption_agreement": Value(
                "Images made for captions of test images to which an independent classifier gives "
                "the caption's colour and shape",
                "higher",
                fraction=True,
            ),
            "caption_agreement_real": Value(
                "The test images themselves, by that classifier",
                "",
                fraction=True,
                yardstick_of="caption_agreement",
            ),
            "caption_colour_agreement": Value(
                "Such images to which it gives the caption's colour", "higher", fraction=True
            ),
            "caption_shape_agreement": Value(
                "Such images to which it gives the caption's shape", "higher", fraction=True
            ),
            "caption_swap_followed": Value(
                "Images made for the caption with another colour word that have the new colour",
                "higher",
                fraction=True,
            ),
            "caption_swap_shape_changed": Value(
                "Images whose shape changes when the colour word alone does, the noise being the "
                "same",
                "lower",
                fraction=True,
            ),
        },
    ),
    "caption_words": Metric(
        caption_words,
        Needs(("caption_nll",), captions="words"),
        {
            "caption_nll": Value(
                "Nats a word of one caption of a test image, given the embedding of another",
                "lower",
            ),
            "caption_nll_any_image": Value(
                "The same given a caption of any other image", "", yardstick_of="caption_nll"
            ),
        },
    ),
    "inception_score": Metric(
        inception_score,
        Needs(("prior", "decode"), data="images", extractor=True),
        {
            "inception_score": Value(
                "Inception score of 50,000 samples: 1 to the number of classes of the network that "
                "judges, 1,008 for Inception",
                "higher",
            ),
            "inception_score_std": Value(
                "Standard deviation of the inception score over ten parts of the samples", ""
            ),
            "inception_score_real": Value(
                "Inception score of the test images", "", yardstick_of="inception_score"
            ),
        },
    ),
    "fid": Metric(
        fid,
        Needs(("prior", "decode"), data="images", extractor=True, covariance=True),
        {
            "fid": Value(
                f"Fréchet distance of features between samples and test images (FID); {_EACH}",
                "lower",
            ),
            "fid_floor": Value(_TRAIN, "", yardstick_of="fid"),
        },
    ),
    "kid": Metric(
        kid,
        Needs(("prior", "decode"), data="images", extractor=True),
        {
            "kid": Value(
                "Kernel distance (squared MMD) of features between samples and test images (KID), "
                f"mean over 100 subsets; {_EACH}",
                "lower",
            ),
            "kid_std": Value("Standard deviation of KID over the subsets", ""),
            "kid_floor": Value(_TRAIN, "", yardstick_of="kid"),
        },
    ),
    "precision_recall": Metric(
        precision_recall,
        Needs(("prior", "decode"), data="images", extractor=True),
        {
            "sample_precision": Value(
                "Samples among the test images (precision): within the fifth-neighbour ball of "
                f"one; {_EACH}",
                "higher",
                fraction=True,
            ),
            "sample_precision_train": Value(
                _TRAIN, "", fraction=True, yardstick_of="sample_precision"
            ),
            "sample_recall": Value(
                "Test images among the samples (recall): within the fifth-neighbour ball of one",
                "higher",
                fraction=True,
            ),
            "sample_recall_train": Value(_TRAIN, "", fraction=True, yardstick_of="sample_recall"),
            "sample_density": Value(
                "Fifth-neighbour balls of test images that a sample is in, by five (density)",
                "higher",
            ),
            "sample_density_train": Value(_TRAIN, "", yardstick_of="sample_density"),
            "sample_coverage": Value(
                "Test images whose fifth-neighbour ball holds a sample (coverage)",
                "higher",
                fraction=True,
            ),
            "sample_coverage_train": Value(
                _TRAIN, "", fraction=True, yardstick_of="sample_coverage"
            ),
        },
    ),
    "parzen": Metric(
        parzen,
        Needs(("prior", "decode"), data="images", validation=True),
        _parzen_values("parzen", "10,000"),
    ),
    "parzen_10m": Metric(
        parzen_10m,
        Needs(("prior", "decode"), data="images", validation=True),
        _parzen_values("parzen_10m", "10 million"),
    ),
    "reconstruction": Metric(
        reconstruction,
        Needs(("encode", "decode")),
        {
            "reconstruction_mse": Value(
                "Mean squared error, per pixel or coordinate, of reconstructed test examples",
                "lower",
            ),
            "reconstruction_mse_mean_image": Value(
                "Answering every test example with the mean training example",
                "",
                yardstick_of="reconstruction_mse",
            ),
        },
    ),
    "kmeans": Metric(
        kmeans,
        Needs(labels=True, components=True, train_components=True),
        {
            "kmeans_error_majority": Value(
                f"{_KMEANS}; {_MAJORITY}",
                "",
                fraction=True,
                yardstick_of="clustering_error_majority",
            ),
            "kmeans_error_hungarian": Value(
                f"{_KMEANS}; {_HUNGARIAN}",
                "",
                fraction=True,
                yardstick_of="clustering_error_hungarian",
            ),
        },
        yardstick=True,
    ),
    "code_match": Metric(
        code_match,
        Needs(("encode", "prior")),
        {
            "code_prior_energy": Value(
                "Distance between the distributions of test codes and of the prior "
                "(energy coefficient): 0 equal, 1 disjoint",
                "lower",
            ),
            "code_prior_energy_floor": Value(
                "Two samples of the prior against each other",
                "",
                yardstick_of="code_prior_energy",
            ),
        },
    ),
    "modes": Metric(
        modes,
        Needs(("prior", "decode"), modes="wide"),
        {
            "modes_captured": Value(
                f"True modes that are nearest to a sample of high quality; {_OF_SAMPLES}",
                "higher",
                count=True,
            ),
            "modes_of_data": Value("Modes of the data", "", yardstick_of="modes_captured"),
            "modes_high_quality": Value(
                "Samples within 3 standard deviations of the nearest mode (high quality); "
                f"{_OF_SAMPLES}",
                "higher",
                fraction=True,
            ),
            "modes_high_quality_of_data": Value(
                _TEST_POINTS, "", fraction=True, yardstick_of="modes_high_quality"
            ),
            "modes_reverse_kl": Value(
                "KL divergence of the samples' shares of the modes from equal shares, nats; "
                f"{_OF_SAMPLES}",
                "lower",
            ),
            "modes_reverse_kl_of_data": Value(_TEST_POINTS, "", yardstick_of="modes_reverse_kl"),
            "modes_any_sample": Value(
                "True modes that are nearest to any of 10,000 samples, however far",
                "higher",
                count=True,
            ),
        },
    ),
    "component_modes": Metric(
        component_modes,
        Needs(("prior", "decode"), components=True, modes="any"),
        {
            "component_purity": Value(
                "Samples of a component of the prior that are in its most frequent true mode, mean "
                "over components",
                "higher",
                fraction=True,
            ),
            "component_purity_pooled": Value(
                "The same for the samples of all components together, as when the decoder ignores "
                "the component",
                "",
                fraction=True,
            ),
            "component_modes": Value(
                "Different true modes that are the most frequent one of a component",
                "higher",
                count=True,
            ),
            "component_modes_possible": Value(
                "Components or true modes, whichever are fewer",
                "",
                yardstick_of="component_modes",
            ),
        },
    ),
    "posterior_overlap": Metric(
        posterior_overlap,
        Needs(("encode", "posterior"), modes="points", code_width=2),
        {
            "posterior_overlap": Value(
                "Overlap of the posteriors q(z|x) of two data points, mean over pairs: "
                "0 separate, 1 equal",
                "lower",
            ),
            "posterior_overlap_equal": Value(
                "Draws of one posterior against others of the same",
                "",
                yardstick_of="posterior_overlap",
            ),
        },
    ),
    "posterior_true_match": Metric(
        posterior_true_match,
        Needs(("encode", "posterior", "prior", "decode"), modes="points", code_width=2),
        {
            "posterior_true_energy": Value(
                "Distance between q(z|x) and the true posterior of the generator (energy "
                "coefficient), mean over data points: 0 equal, 1 disjoint or never generated",
                "lower",
            ),
            "posterior_true_energy_floor": Value(
                "Two samples of the true posterior against each other",
                "",
                yardstick_of="posterior_true_energy",
            ),
            "posterior_true_share": Value(
                "Draws of the prior that the generator makes a data point of, within a quarter of "
                "the least distance between data points",
                "higher",
                fraction=True,
            ),
            "posterior_true_share_least": Value(
                "Draws of the prior that it makes the rarest data point of",
                "higher",
                fraction=True,
            ),
        },
    ),
}

VALUES = {name: value for metric in METRICS.values() for name, value in metric.values.items()}


def find(name: str, field: str = "evaluation.metrics") -> Metric:
    """A metric by its name in `METRICS`, or a user's own by `module:name`, a `Metric` there.

    Args:
        name: what a config asks for.
        field: the config's field, for messages.

    Raises:
        UserError: it does not exist, or gives a value of a name that the package has.
    """
    if ":" not in name:
        _needs.check_name(field, name, METRICS)
        return METRICS[name]
    metric = user_code.find(name, field, "aae_jax.metrics.Metric", Metric)
    if taken := sorted(VALUES.keys() & metric.values):
        raise UserError(f"{name} gives {', '.join(taken)}, as the package does: name it otherwise")

    def fn(model: Model, dataset: Any, seed: int) -> dict[str, float]:
        with user_code.blamed(f"metric {name}"):
            found = metric.fn(model, dataset, seed)
        if found.keys() != metric.values.keys():
            raise UserError(
                f"metric {name} gives {', '.join(sorted(found)) or 'nothing'}, and its values name "
                f"{', '.join(sorted(metric.values)) or 'nothing'}: they must be the same"
            )
        return found

    return replace(metric, fn=fn)


def meanings(names: Sequence[str]) -> dict[str, Value]:
    """What each value that metrics give means, value name -> meaning.

    Args:
        names: entries of `evaluation.metrics`.

    Raises:
        UserError: as `find`.
    """
    return {value: meaning for name in names for value, meaning in find(name).values.items()}


def judges(names: Sequence[str], dataset: Any) -> dict[str, str]:
    """By which independent network each value is given, in words; values without one are left out.

    Args:
        names: entries of `evaluation.metrics` that the data can give.
        dataset: the loaded data.
    """
    judged = {}
    for name in names:
        metric = find(name)
        judge = dataset.extractor if metric.needs.extractor else None
        judge = dataset.scorer if metric.needs.classifier else judge
        if judge is not None:
            values = [value for value, meaning in metric.values.items() if meaning.judged]
            judged |= dict.fromkeys(values, judge.origin)
    return judged


def check(
    names: Sequence[str], model: Model, dataset: Any, field: str = "evaluation.metrics"
) -> None:
    """Refuses metrics that do not exist or that this model and data cannot give.

    Args:
        names: what the config's field holds.
        model: a model of the config's method; only asked what it has.
        dataset: the loaded data.
        field: config field that holds the names, for the message.

    Raises:
        UserError: on the first such name.
    """
    _needs.check(field, {name: find(name, field).needs for name in names}, model, dataset)

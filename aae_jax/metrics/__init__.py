"""Numbers that judge a trained model: the table of metrics.

A metric is a file of its own here, which says what it needs and what its values mean, and one line
in `METRICS`; one of a user's own needs no line here:
`config.evaluation.metrics = ("my_module:METRIC",)`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.metrics import (
    bayes_classification,
    bayes_classifier,
    caption_agreement,
    caption_words,
    classification,
    clustering,
    code_match,
    component_modes,
    fid,
    inception_score,
    kid,
    kmeans,
    label_agreement,
    label_component,
    modes,
    parzen,
    posterior_overlap,
    posterior_true_match,
    precision_recall,
    reconstruction,
    sample_agreement,
)
from aae_jax.metrics import needs as _needs
from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model

METRICS = {
    "clustering": clustering.METRIC,
    "bayes_classifier": bayes_classifier.METRIC,
    "bayes_classification": bayes_classification.METRIC,
    "classification": classification.METRIC,
    "label_component": label_component.METRIC,
    "label_agreement": label_agreement.METRIC,
    "sample_agreement": sample_agreement.METRIC,
    "caption_agreement": caption_agreement.METRIC,
    "caption_words": caption_words.METRIC,
    "inception_score": inception_score.METRIC,
    "fid": fid.METRIC,
    "kid": kid.METRIC,
    "precision_recall": precision_recall.METRIC,
    "parzen": parzen.METRIC,
    "parzen_10m": parzen.METRIC_10M,
    "reconstruction": reconstruction.METRIC,
    "kmeans": kmeans.METRIC,
    "code_match": code_match.METRIC,
    "modes": modes.METRIC,
    "component_modes": component_modes.METRIC,
    "posterior_overlap": posterior_overlap.METRIC,
    "posterior_true_match": posterior_true_match.METRIC,
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
    metric = user_code.find(name, field, "an aae_jax.metrics.Metric", Metric)
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

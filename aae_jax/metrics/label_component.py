"""Whether labels own the parts of the prior that they were given."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.needs import Model, Needs


def label_component(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Compares labels with the component or section of the prior that codes fall in.

    The claim of Figs. 4a and 4c of "Adversarial Autoencoders": on hold-out images, the codes of
    label k lie in component k of the mixture, or in the k-th section of the swiss roll.

    Args:
        model: needs `encode` and `component_of`.
        dataset: needs labels, as many as the prior has components.
        seed: of the codes, which are draws from q(z | x).

    Returns:
        label_component_match: fraction of test images whose code falls in the part of the prior
            that belongs to their label, in [0, 1]; NaN when a code is not finite.
    """
    z = model.encode(dataset.test.x(), seed=seed)["z"]
    if not np.isfinite(z).all():
        return {"label_component_match": math.nan}
    return {
        "label_component_match": float((model.component_of(z) == dataset.test.label).mean()),
    }


METRIC = Metric(
    label_component,
    Needs(("encode", "component_of"), labels=True, class_components=True),
    {
        "label_component_match": Value(
            "Test images whose code falls in the part of the prior that belongs to their label",
            "higher",
            fraction=True,
        ),
    },
)

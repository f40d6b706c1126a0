"""Whether each component of the prior makes one mode of the data."""

import math
from typing import Any

import numpy as np

from aae_jax.metrics.metric import Metric, Value
from aae_jax.metrics.nearest_mode import nearest_mode
from aae_jax.metrics.needs import Model, Needs

SAMPLES = 1_000  # of each component


def component_modes(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    """Counts the true modes that the samples of each component are nearest to.

    The claim of Fig. 5 of "Implicit Autoencoders": each one-hot code makes one component of the
    mixture.

    Args:
        model: needs `prior`, `decode` and components.
        dataset: needs known modes.
        seed: of the samples.

    Returns:
        component_purity: mean over components of the share of samples that are nearest to the
            component's most frequent mode, in [1/K, 1] for K modes.
        component_purity_pooled: that share among the samples of all components together: what a
            decoder scores that ignores the component. Near 1 where all samples are in one mode.
        component_modes: number of different modes that are some component's most frequent one.
        component_modes_possible: the number of components or of modes, whichever is smaller.
        Those of the samples are NaN when a sample is not finite.
    """
    means = dataset.modes.means
    counts = np.zeros((model.components, len(means)), int)
    finite = True
    for k in range(model.components):
        x = model.sample(SAMPLES, seed + k, component=k)
        finite = finite and bool(np.isfinite(x).all())
        counts[k] = np.bincount(nearest_mode(x, means)[0], minlength=len(means))
    possible = float(min(counts.shape))
    if not finite:
        names = ("component_purity", "component_purity_pooled", "component_modes")
        return dict.fromkeys(names, math.nan) | {"component_modes_possible": possible}
    return {
        "component_purity": float(counts.max(axis=1).mean() / SAMPLES),
        "component_purity_pooled": float(counts.sum(axis=0).max() / counts.sum()),
        "component_modes": float(len(np.unique(counts.argmax(axis=1)))),
        "component_modes_possible": possible,
    }


METRIC = Metric(
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
)

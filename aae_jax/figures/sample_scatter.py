"""Generated points of the plane beside the data."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot, finite, legend
from aae_jax.figures.plane import MAX_POINTS, beside_test
from aae_jax.metrics.needs import Model, Needs


def _samples(model: Model, n: int, seed: int) -> tuple[np.ndarray, np.ndarray | None]:
    """About n points, as many of each component, and their components."""
    if not model.components:
        return model.sample(n, seed), None
    each = max(1, n // model.components)
    x = [model.sample(each, seed + k, component=k) for k in range(model.components)]
    component = np.repeat(np.arange(model.components), each)
    # Shuffled, as points that come later are drawn over earlier ones.
    order = np.random.default_rng(seed).permutation(len(component))
    return np.concatenate(x)[order], component[order]


def sample_scatter(model: Model, dataset: Any, seed: int) -> Figure:
    """Test points coloured by label, beside samples coloured by the component they are made from.

    Fig. 5 of "Implicit Autoencoders". The frame is that of the data.
    """
    index = dataset.test.some(MAX_POINTS, seed)
    test, label = dataset.test.x(index), dataset.test.label_at(index)
    x, component = _samples(model, len(test), seed)
    finite(x, "the samples")
    figure, (left, right), outside = beside_test(test, label, x, component, "samples")
    coloured = {"label": label is not None, "component": component is not None}
    more = right if model.components > dataset.num_classes else left
    legend(figure, more, ", ".join(name for name, is_so in coloured.items() if is_so))
    return Figure(
        figure,
        f"Samples: {len(test):,} test points"
        + (", coloured by label" if label is not None else "")
        + f", beside {len(x):,} samples{outside}"
        + (", coloured by component of the prior" if component is not None else "")
        + ". The right side should look like the left one"
        + (
            "; each of its colours should fill one cluster, no matter which."
            if component is not None
            else "."
        ),
    )


PLOT = Plot(sample_scatter, Needs(("prior", "decode"), data="plane"))

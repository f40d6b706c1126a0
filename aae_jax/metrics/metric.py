"""What a metric is to the rest of the package, and what its numbers mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aae_jax.metrics.needs import Model, Needs


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

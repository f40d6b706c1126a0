"""Times the Parzen window on this machine, beside the matrix product that it rests on.

    python launch/benchmark_parzen.py

The points are as many and as large as MNIST's test images, and samples come in blocks as the metric
takes them. The share of the peak counts the multiplications and additions of distances alone, not
the exponentials; making samples is not timed.
"""

import itertools
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from absl import app, flags, logging

sys.path.insert(0, str(Path(__file__).parent.parent))

from aae_jax import console
from aae_jax.metrics.kernel_density import log_density
from aae_jax.metrics.parzen import BLOCK, SAMPLES, SIGMAS
from launch.turns import Turn, matrix_product, median_ratio, take_turn, take_turns

DIMENSIONS = 784
SIGMA = SIGMAS[:1]  # as on the test images, for which sigma has been chosen

_POINTS = flags.DEFINE_integer("points", 10_000, "Points to score.", lower_bound=1)
_BLOCKS = flags.DEFINE_integer("blocks", 10, f"Blocks of {BLOCK} samples in a call.", 1)
_ROUNDS = flags.DEFINE_integer("rounds", 5, "Turns of each.", lower_bound=1)
_SECONDS = flags.DEFINE_float("seconds", 5.0, "Length of a turn, about.", lower_bound=0.01)


def parzen_window() -> Turn:
    """Scores of all points under so many blocks; counts operations."""
    random = np.random.default_rng(0)
    points = random.random((_POINTS.value, DIMENSIONS), np.float32)
    block = random.random((BLOCK, DIMENSIONS), np.float32)

    def call() -> np.ndarray:
        return log_density(points, itertools.repeat(block, _BLOCKS.value), SIGMA)

    call()  # compiles
    return take_turn(call, lambda _: None, 2 * _POINTS.value * DIMENSIONS * BLOCK * _BLOCKS.value)


def main(argv: Sequence[str]) -> None:
    console.refuse_arguments(argv)
    logging.set_verbosity(logging.ERROR)
    contenders = {"parzen": parzen_window(), "peak": matrix_product()}
    rates = take_turns(contenders, _ROUNDS.value, _SECONDS.value)
    rate = statistics.median(rates["parzen"])
    share = median_ratio(rates["parzen"], rates["peak"])
    pairs = rate / (2 * DIMENSIONS)
    minutes = _POINTS.value * SAMPLES["parzen_10m"] / pairs / 60
    print(
        f"{_POINTS.value:,} points of {DIMENSIONS} dimensions: {rate / 1e9:,.3g} GFLOP/s, "
        f"{100 * share:.0f} % of the matrix-product peak\n"
        f"{SAMPLES['parzen_10m']:,} samples would take {minutes:,.1f} min, without making them"
    )


def run() -> None:
    """Runs the command line; what cannot go on ends as `console.one_line` says."""
    with console.one_line("benchmark_parzen"):
        app.run(main, flags_parser=console.parse)


if __name__ == "__main__":
    run()

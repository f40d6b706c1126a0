"""Contenders that are timed in turns, so that whatever else the machine does slows all alike."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax

PEAK_SIZE = 3000  # rows and columns of the matrices
# Works for about so many seconds; returns how much it did and how long that took.
Turn = Callable[[float], tuple[int, float]]


def take_turn(step: Callable[[], Any], wait: Callable[[Any], Any], per_call: int) -> Turn:
    """A contender's turn: makes calls for about so many seconds; returns steps and seconds."""

    def turn(seconds: float) -> tuple[int, float]:
        began = time.perf_counter()
        wait(step())
        calls = max(1, round(seconds / (time.perf_counter() - began)))
        began = time.perf_counter()
        for _ in range(calls):
            last = step()
        wait(last)
        return calls * per_call, time.perf_counter() - began

    return turn


def matrix_product() -> Turn:
    """Large products in float32; counts operations rather than steps."""
    a = jax.random.normal(jax.random.key(0), (PEAK_SIZE, PEAK_SIZE))
    product = jax.jit(lambda a: a @ a)
    return take_turn(lambda: product(a), jax.block_until_ready, 2 * PEAK_SIZE**3)


def take_turns(
    contenders: Mapping[str, Turn], rounds: int, seconds: float
) -> dict[str, list[float]]:
    """Gives each a turn of about so many seconds in each round.

    Returns:
        Of each, what it did in a second, a value a round.
    """
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, turn in contenders.items():
            count, took = turn(seconds)
            rates[name].append(count / took)
    return rates


def median_ratio(a: Sequence[float], b: Sequence[float]) -> float:
    """The median of the ratios in each round, of rates from `take_turns`."""
    return statistics.median(x / y for x, y in zip(a, b, strict=True))

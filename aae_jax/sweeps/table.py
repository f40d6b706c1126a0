"""The table of a sweep, as Markdown for readers and as CSV for programs."""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aae_jax import evaluated, output_file
from aae_jax.errors import UserError
from aae_jax.metrics import VALUES, Value
from aae_jax.report import mean_std, result_text
from aae_jax.sweeps.grid import Point
from aae_jax.workdir import read_config

Metrics = dict[str, list[float]]


def read_result(point: Point, workdir: Path) -> Metrics | None:
    """The metrics of a finished run, value name -> one number for each trial; else None.

    It is finished when an evaluation after the last step, under just this config, has been written.
    The config in the folder does not tell: a training that goes on writes it before it evaluates.
    """
    try:
        config = read_config(workdir)  # with fields that are newer than the run
        result = evaluated.read(workdir)
    except UserError:
        return None
    if result is None or json.loads(config.to_json()) != json.loads(point.config.to_json()):
        return None
    if not evaluated.is_current(result, point.config, point.config.steps):
        return None
    return {
        name: [math.nan if value is None else value for value in metric["trials"]]
        for name, metric in result["metrics"].items()
    }


def write_table(
    folder: Path,
    points: Sequence[Point],
    results: Mapping[str, Metrics | None],
    states: Mapping[str, str],
) -> None:
    """Writes `sweep.md` and `sweep.csv`, each in one move.

    The CSV has a line for each point; in the Markdown, points that differ in `seed` only are one
    line, with mean and standard deviation over all their trials.

    Args:
        folder: where to.
        points: all points of the sweep.
        results: by name of the point, as `read_result` gives them.
        states: by name of the point: done, or what else is to be said of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    output_file.write(folder / "sweep.csv", _csv(points, results, states))
    output_file.write(folder / "sweep.md", _markdown(points, results, states))


def _columns(results: Mapping[str, Metrics | None]) -> list[str]:
    return list(dict.fromkeys(name for metrics in results.values() for name in metrics or ()))


def _fields(points: Sequence[Point]) -> list[str]:
    return list(dict.fromkeys(field for point in points for field in point.fields))


def _csv(
    points: Sequence[Point],
    results: Mapping[str, Metrics | None],
    states: Mapping[str, str],
) -> str:
    fields, columns = _fields(points), _columns(results)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    parts = [f"{column}_{part}" for column in columns for part in ("mean", "std")]
    table.writerow(["point", *fields, "state", "trials", *parts])
    for point in points:
        metrics = results[point.name] or {}
        numbers: list[Any] = []
        for column in columns:
            numbers += mean_std(metrics[column]) if column in metrics else ("", "")
        trials = point.config.trials if metrics else 0
        values = [point.fields.get(field, "") for field in fields]
        table.writerow([point.name, *values, states[point.name], trials, *numbers])
    return text.getvalue()


def _markdown(
    points: Sequence[Point],
    results: Mapping[str, Metrics | None],
    states: Mapping[str, str],
) -> str:
    fields = [f for f in _fields(points) if f != "seed"]
    # Yardsticks are in the CSV, and in each run's report.
    columns = [name for name in _columns(results) if not _meaning(name).yardstick_of]
    groups: dict[tuple[str, ...], list[Point]] = {}
    for point in points:
        groups.setdefault(tuple(point.fields.get(f, "") for f in fields), []).append(point)
    rows = [[*fields, "runs done", "trials", *columns]]
    rows.append(["---"] * len(rows[0]))
    for values, members in groups.items():
        done = [point for point in members if results[point.name] is not None]
        cells = []
        for column in columns:
            numbers = list(_by_seed(done, results, column).values())
            cells.append(result_text(numbers, _meaning(column)) if numbers else "")
        seeds = {seed for point in done for seed in _seeds(point)}
        rows.append([*values, f"{len(done)} of {len(members)}", str(len(seeds)), *cells])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    open_ends = [
        f"- {point.name}: {states[point.name]}" for point in points if results[point.name] is None
    ]
    note = "Mean ± sample standard deviation over trials, and over seeds where they are swept."
    parts = ["\n".join(lines), note, *(["\n".join(open_ends)] if open_ends else [])]
    return "\n\n".join(parts) + "\n"


def _meaning(name: str) -> Value:
    """What a number means; of a metric of the user's own it is not known here."""
    return VALUES.get(name, Value(name, ""))


def _seeds(point: Point) -> range:
    return range(point.config.seed, point.config.seed + point.config.trials)


def _by_seed(
    points: Sequence[Point], results: Mapping[str, Metrics | None], column: str
) -> dict[int, float]:
    """A metric of each run: trial i of seed s is the run of seed s + i, which counts once."""
    numbers: dict[int, float] = {}
    for point in points:
        numbers |= zip(_seeds(point), (results[point.name] or {}).get(column, ()), strict=False)
    return numbers

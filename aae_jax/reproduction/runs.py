"""Making the runs behind a table: planned from the row, resumed where they stand, recorded."""

import ast
import hashlib
import importlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from absl import logging
from ml_collections import ConfigDict

from aae_jax import config as config_lib
from aae_jax import evaluated, workdir
from aae_jax.checkpoint import latest_step
from aae_jax.errors import LESS_MEMORY, TrainingDiverged, UserError, out_of_memory
from aae_jax.evaluate import evaluate
from aae_jax.metrics import METRICS
from aae_jax.metrics.needs import check_name
from aae_jax.progress import duration
from aae_jax.reproduction import records
from aae_jax.reproduction.records import Record
from aae_jax.reproduction.tables import Loader, Row, Table
from aae_jax.train import train

_BUDGET = re.compile(r"(\d+(?:\.\d+)?) ?(steps|min|h)")
_SECONDS = {"min": 60.0, "h": 3600.0}
_FIRST = Table("", "", "", (), trials=1)  # what rows need first


@dataclass(frozen=True)
class Budget:
    """How much of a run to make; what is None is not limited.

    Attributes:
        steps: of each run, counted from its beginning.
        seconds: of training of each run, counted from this call.
    """

    steps: int | None = None
    seconds: float | None = None


def parse_budget(text: str) -> Budget:
    """Reads "5000 steps", "30 min" or "1.5 h", with or without the blank.

    Raises:
        UserError: it is none of these, or nothing at all.
    """
    match = _BUDGET.fullmatch(text.strip())
    amount = float(match[1]) if match else 0.0
    if match and match[2] == "steps" and amount >= 1 and amount == int(amount):
        return Budget(steps=int(amount))
    if match and match[2] != "steps" and amount > 0:
        return Budget(seconds=amount * _SECONDS[match[2]])
    raise UserError(f"--budget={text}: give steps or time for each run, as 5000steps, 30min, 1.5h")


def load_config(name: str) -> ConfigDict:
    """What configs/<name>.py of the checkout gives."""
    return importlib.import_module(f"configs.{name}").get_config()


@dataclass(frozen=True)
class Options:
    """How to run a table.

    Attributes:
        folder: where workdirs are made.
        results: where records are kept.
        trials: of each row; None for as many as the table asks for.
        budget: of each run; what rows need first is made in full.
        overrides: config fields and their values, of all rows.
        note: kept with the records that are made.
        load: gives the config of a name.
    """

    folder: Path
    results: Path
    trials: int | None = None
    budget: Budget = Budget()
    overrides: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    load: Loader = load_config


@dataclass(frozen=True)
class PlannedRun:
    """A run that a row asks for.

    Attributes:
        row: the row.
        overrides: fields and values that the row, and the user, put in the place of the file's.
        config: the run's.
        file: the config as its file gives it.
        folder: the run's workdir.
        figures: those that show the row.
    """

    row: Row
    overrides: Mapping[str, Any]
    config: ConfigDict
    file: ConfigDict
    folder: Path
    figures: frozenset[str]


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row.

    Attributes:
        row: the row.
        record: its result, None where it has none.
        failure: why there is no new result, one line; "" where there is.
    """

    row: Row
    record: Record | None
    failure: str = ""


def parse_overrides(texts: Sequence[str]) -> dict[str, Any]:
    """Reads "data.dir=/data" or "game.weight=0.3"; what is no Python literal is a string.

    Raises:
        UserError: no `=` in one of them.
    """
    values = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UserError(f"--override={text}: give a config's field and value, as game.weight=1")
        try:
            values[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            values[name] = value
    return values


def make_plan(table: Table, row: Row, options: Options) -> PlannedRun:
    """The run that a row asks for.

    Raises:
        UserError: an override that the config cannot take.
    """
    file = options.load(row.config)
    config = options.load(row.config)
    overrides = {**row.overrides, **options.overrides}
    config.trials = options.trials or table.trials
    config.steps = row.length(file.steps)
    if options.budget.steps:
        config.steps = min(config.steps, options.budget.steps)
    workdirs = {field: str(_first(name, options).folder) for field, name in row.first.items()}
    for name, value in {**workdirs, **overrides}.items():
        config_lib.set_field(config, name, value)
    if "evaluation.metrics" not in options.overrides:  # the user's word is the last one
        config.evaluation.metrics = _metrics(row, config)
    for name in config.evaluation.metrics:
        check_name("evaluation.metrics", name, METRICS)
    config_lib.check(config)
    parts = [row.config]
    if changed := {**dict(row.overrides), **records.settings(options.overrides)}:
        text = json.dumps(changed, sort_keys=True, default=str)
        parts.append(hashlib.sha256(text.encode()).hexdigest()[:8])
    if config.trials > 1:
        parts.append(f"{config.trials}_trials")
    if config.seed != row.overrides.get("seed", file.seed):  # the row's own is in its name
        parts.append(f"seed{config.seed}")
    figures = frozenset((*table.figures, *row.figures))
    return PlannedRun(row, overrides, config, file, options.folder / "-".join(parts), figures)


def _metrics(row: Row, config: ConfigDict) -> tuple[str, ...]:
    """The evaluation's metrics, and those of the row's numbers whose judges are there."""
    evaluation = config.evaluation
    asked = tuple(evaluation.metrics)
    wanted = [
        name
        for name, metric in METRICS.items()
        if any(number.value in metric.values for number in row.numbers)
        and (not metric.needs.classifier or evaluation.classifier)
        and (not metric.needs.extractor or evaluation.classifier or evaluation.inception)
    ]
    return asked + tuple(name for name in wanted if name not in asked)


def run_table(
    table: Table, options: Options, rows: Sequence[Row], known: Sequence[Record]
) -> list[RowOutcome]:
    """Makes the runs of a table's rows, one after the other, and records them.

    A row whose record is long enough is read. One that cannot be run, or diverges, is an outcome
    of its own and does not keep the others from running.

    Args:
        table: the table.
        options: how to run it.
        rows: those of its rows to run.
        known: the records that there are.

    Returns:
        An outcome for each of `rows`.

    Raises:
        UserError: an override does not fit a row's config; raised before any run.
        TrainingInterrupted: stopped by a signal; runs are saved where they stand.
    """
    plans = [make_plan(table, row, options) for row in rows]
    return [_outcome(plan, options, known) for plan in plans]


def _outcome(plan: PlannedRun, options: Options, known: Sequence[Record]) -> RowOutcome:
    row = plan.row
    found = sufficient(plan, known)
    if found is not None and not options.note:
        logging.info("%s: recorded already", row.label)
        return RowOutcome(row, found)
    try:
        for name in row.first.values():
            first = _first(name, options)
            _run(first, Budget())
            records.write(records.from_workdir(first.folder, name, first.file), options.results)
        _run(plan, options.budget)
        record = records.from_workdir(plan.folder, row.config, plan.file, options.note)
    except (UserError, TrainingDiverged) as error:
        failure = str(error)
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        failure = f"out of memory: {LESS_MEMORY}"
    else:
        records.write(record, options.results)
        return RowOutcome(row, record)
    logging.error("%s: %s", row.label, failure)
    return RowOutcome(row, records.best(row, known, plan.overrides), failure)


def _first(name: str, options: Options) -> PlannedRun:
    return make_plan(_FIRST, Row(name, name), _in_full(options))


def _in_full(options: Options) -> Options:
    """How to make the runs that a row needs first: with its data, and nothing else of the call."""
    data = {name: value for name, value in options.overrides.items() if name.startswith("data.")}
    return Options(options.folder, options.results, overrides=data, load=options.load)


def sufficient(plan: PlannedRun, known: Sequence[Record]) -> Record | None:
    """The record that a plan would only repeat, None where there is none."""
    config = plan.config
    wanted = {
        name: value
        for name, value in records.flat(config).items()
        if not workdir.is_free(name) and name != "trials"
    }
    # Of this seed: of another one there may be a longer or later record.
    found = records.best(plan.row, known, {**plan.overrides, "seed": config.seed})
    if (
        found is not None
        and all(found.fields.get(name, value) == value for name, value in wanted.items())
        and found.step >= config.steps
        and found.trials >= config.trials
        and _values(config) <= found.metrics.keys()
        and plan.figures <= set(found.figures)
    ):
        return found
    return None


def _values(config: ConfigDict) -> set[str]:
    """The numbers that an evaluation gives."""
    return {value for name in config.evaluation.metrics for value in METRICS[name].values}


def _run(plan: PlannedRun, budget: Budget) -> None:
    """Trains as far as the budget goes, and evaluates what has not been evaluated yet."""
    logging.info("%s: %s", plan.row.label, plan.folder)
    config_lib.check(plan.config)
    workdir.check_same(plan.config, plan.folder)
    train(plan.config, plan.folder, seconds=budget.seconds)
    result = evaluated.read(plan.folder)
    if (
        result is None
        or not evaluated.is_current(result, plan.config, latest_step(plan.folder))
        or not _values(plan.config) <= result["metrics"].keys()
    ):
        evaluate(plan.config, plan.folder)


def describe(plan: PlannedRun, budget: Budget, known: Sequence[Record]) -> str:
    """One line on what `run_table` would do."""
    config = plan.config
    if found := sufficient(plan, known):
        return f"{plan.row.label}: read from {found.file_name}"
    step = latest_step(plan.folder)
    state = "train" if step is None else f"go on at step {step:,} of"
    if step == config.steps:
        state = "evaluate and record"
    length = f"{config.steps:,} steps"
    if config.steps < (asked := plan.row.length(plan.file.steps)):
        length += f" (reduced from {asked:,})"
    if budget.seconds:
        length += f" or {duration(budget.seconds)} of them"
    first = f", after {' and '.join(plan.row.first.values())}" if plan.row.first else ""
    return (
        f"{plan.row.label}: {state} {length}, trials {config.trials}, data {config.data.name}"
        f"{first}, config configs/{plan.row.config}.py, workdir {plan.folder}"
    )


def name_config(folder: Path, load: Loader, names: Sequence[str]) -> str:
    """The config file that a workdir's run is of, the nearest by its fields.

    Raises:
        UserError: none is near, or several are equally near.
    """
    run = records.flat(workdir.read_config(folder))
    apart = {}
    for name in names:
        file = load(name)
        if (file.method, file.data.name) == (run["method"], run["data.name"]):
            apart[name] = len(records.settings(records.differences(run, records.flat(file))))
    least = min(apart.values(), default=0)
    nearest = [name for name, count in apart.items() if count == least]
    if len(nearest) != 1:
        which = f"it may be of {', '.join(nearest)}" if nearest else "it fits none of configs/"
        raise UserError(f"{folder}: {which}; say which with --config=<name>")
    return nearest[0]

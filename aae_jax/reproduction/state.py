"""How far a table is reproduced: numbers beside the paper's, and what its rows are wanting."""

import enum
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aae_jax.data.sources import WITHOUT_FILES
from aae_jax.metrics import VALUES
from aae_jax.progress import duration
from aae_jax.report import mean_std
from aae_jax.reproduction import records
from aae_jax.reproduction.records import Record
from aae_jax.reproduction.tables import Loader, Number, Row, Table


class Verdict(enum.Enum):
    """How a number of ours stands beside the paper's."""

    BETTER = "better"
    EQUAL = "equal"
    WORSE = "worse"
    NONE = "no paper's number, or none of ours"


class Want(NamedTuple):
    """What keeps a row from being reproduced.

    Attributes:
        kind: a word or two, to count rows by.
        text: in full.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class State:
    """How far a table is reproduced.

    Attributes:
        word: of the table in RESULTS.md.
        summary: why no further, a phrase.
        wanting: the same in full, a line for each thing that is wanting, with the rows it is of.
    """

    word: str
    summary: str = ""
    wanting: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.word}: {self.summary}" if self.summary else self.word


def judge(number: Number, record: Record | None) -> Verdict:
    """Compares a number with the paper's, at the decimals that the paper prints.

    The mean of a count is compared as it is: 24.8 modes in ten trials are not the 25 of all of
    them.
    """
    trials = trials_of(number, record)
    if not trials or number.goal is None:
        return Verdict.NONE
    mean = scale_of(number) * mean_std(trials)[0]
    if not math.isfinite(mean):
        return Verdict.WORSE
    value = VALUES[number.value]
    gain = (mean if value.count else round(mean, number.decimals)) - number.goal
    if abs(gain) < (1e-9 if value.count else 0.5 * 10**-number.decimals):
        return Verdict.EQUAL
    return Verdict.BETTER if (gain > 0) == (value.better == "higher") else Verdict.WORSE


def state_of(table: Table, known: Sequence[Record], load: Loader) -> State:
    """How far a table is reproduced by the records.

    Args:
        table: the table.
        known: all records.
        load: gives the config of a name.
    """
    found = [(row, records.of_row(table, row, known)) for row in table.rows]
    if not any(shown for _, shown in found):
        return State("not run", _asks(table, load))
    wanting = {row.label: wants_of(table, row, shown, load) for row, shown in found}
    if not any(wanting.values()):
        if any(number.paper for row in table.rows for number in row.numbers):
            return State("reproduced")
        figures = [*table.figures, *(name for row in table.rows for name in row.figures)]
        return State("drawn" if figures else "measured")
    left = sum(_seconds_left(table, row, shown[0], load) for row, shown in found if shown)
    begun = "" if all(shown for _, shown in found) else " for the rows begun"
    more = [f"about {_time(left)} more at this rate{begun}"] if left else []
    rows_of: dict[str, list[str]] = {}
    for label, wants in wanting.items():
        for want in wants:
            rows_of.setdefault(want.text, []).append(label)
    if len(found) == 1:
        return State("partly", "; ".join([*rows_of, *more]))
    # In the order of the rows, each row once for a kind.
    kinds = Counter(kind for wants in wanting.values() for kind in dict(wants))
    counted = ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    lines = [
        f"{text}: {'every row' if len(labels) == len(found) else '; '.join(labels)}"
        for text, labels in rows_of.items()
    ]
    return State("partly", "; ".join([f"of {len(found)} rows {counted}", *more]), tuple(lines))


def _asks(table: Table, load: Loader) -> str:
    """What all the runs of a table take: data, steps, trials, and what some numbers need."""
    configs = [load(row.config) for row in table.rows]
    needs = [number.needs for row in table.rows for number in row.numbers if number.needs]
    names = dict.fromkeys(config.data.name for config in configs)
    files = [name for name in names if name not in WITHOUT_FILES]
    asked = [*(["data " + _enumerated(files)] if files else []), *dict.fromkeys(needs)]
    lengths = (row.length(config.steps) for row, config in zip(table.rows, configs, strict=True))
    steps = sorted(set(lengths))
    span = f"{steps[0]:,}" if len(steps) == 1 else f"{steps[0]:,} to {steps[-1]:,}"
    trials = "1 trial" if table.trials == 1 else f"{table.trials} trials"
    needed = f"needs {', '.join(asked)}; " if asked else ""
    return f"{needed}{trials} of {span} steps a run"


def _enumerated(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def wants_of(table: Table, row: Row, shown: Sequence[Record], load: Loader) -> list[Want]:
    """What keeps a row, with its records, from being reproduced."""
    if not shown:
        return [Want("not run", "not run")]
    record, wanting = shown[0], []
    if changed := records.changed_since(record, load(record.config)):
        names = ", ".join(changed)
        wanting.append(Want("of another config", f"the config has changed since: {names}"))
    if (asked := row.length(record.full_steps)) > record.step:
        text = f"reduced to {record.step:,} of {asked:,} steps"
        wanting.append(Want("reduced", text))
    if record.trials < table.trials:
        wanting.append(Want("of fewer trials", f"{record.trials} of {table.trials} trials"))
    absent = {*table.figures, *row.figures}.difference(*(other.figures for other in shown))
    if absent:
        wanting.append(Want("without a figure", f"not drawn: {', '.join(sorted(absent))}"))
    for number in row.numbers:
        measured = first_with(number, shown)
        if measured is None:
            needs = f", needs {number.needs}" if number.needs else ""
            wanting.append(Want("without a number", f"no {words_of(number)}{needs}"))
        elif judge(number, measured) is Verdict.WORSE:
            wanting.append(
                Want("missing the paper's number", f"{words_of(number)} misses the paper's")
            )
    return wanting


def first_with(number: Number, shown: Sequence[Record]) -> Record | None:
    """The first record that has a number."""
    return next((record for record in shown if number.value in record.metrics), None)


def _time(seconds: float) -> str:
    """An estimate in words, without the seconds of minutes or the minutes of many hours."""
    if 60 <= seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return duration(seconds) if seconds < 36_000 else f"{seconds / 3600:,.0f} h"


def _seconds_left(table: Table, row: Row, record: Record, load: Loader) -> float:
    """Training that is left, if a step and trial costs what it did; 0 where that is unknown."""
    if record.seconds is None:
        return 0.0
    done = record.step * record.trials
    asked = row.length(load(record.config).steps) * table.trials
    return max(0.0, record.seconds * (asked - done) / done)


def words_of(number: Number) -> str:
    """The name of a number for readers."""
    return number.value.replace("_", " ")


def scale_of(number: Number) -> float:
    """What a number is printed as a multiple of: 100 for shares, in percent."""
    return 100.0 if VALUES[number.value].fraction else 1.0


def trials_of(number: Number, record: Record | None) -> list[float]:
    """The number of each trial, not a number where it was not finite; empty where not measured."""
    if record is None or number.value not in record.metrics:
        return []
    values = record.metrics[number.value]["trials"]
    return [math.nan if value is None else value for value in values]

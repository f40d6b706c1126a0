"""Tables of results in words: Markdown, JSON, the list of all, and RESULTS.md."""

import enum
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from aae_jax.data.sources import WITHOUT_FILES
from aae_jax.metrics import VALUES
from aae_jax.progress import duration
from aae_jax.report import mean_std
from aae_jax.reproduction import records
from aae_jax.reproduction.records import Record
from aae_jax.reproduction.tables import Loader, Number, Paper, Row, Table

UNRECORDED = "not recorded"

_HEAD = """# Results

Made from `results/*.json` by `python launch/reproduce.py --write_results`; not written by hand.
`python launch/reproduce.py --table=<name>` runs, resumes or reads what is behind a table.

A number is the mean ± the standard deviation over trials, which differ in their seed. **Bold** is
better than the paper's. A run that is shorter than its config says, or than its table, is called
reduced. Of several runs of one experiment the longest comes first, and a number that is said to
miss the paper's is its. Time of training is of all trials together. The numbers' meanings are below
the tables.

| state | meaning |
| --- | --- |
| reproduced | all runs made in full, and every number at least as good as the paper's |
| drawn | all runs made in full; no paper gives a number, so figures are judged by eye |
| measured | all runs made in full; there is neither a number nor a figure to compare with |
| partly | some runs, trials or steps are wanting, or a number misses the paper's |
| not run | nothing recorded yet |
"""


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
    trials = _trials(number, record)
    if not trials or number.goal is None:
        return Verdict.NONE
    mean = _scale(number) * mean_std(trials)[0]
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
    wanting = {row.label: _wanting(table, row, shown, load) for row, shown in found}
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


def _wanting(table: Table, row: Row, shown: Sequence[Record], load: Loader) -> list[Want]:
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
        measured = _measured(number, shown)
        if measured is None:
            needs = f", needs {number.needs}" if number.needs else ""
            wanting.append(Want("without a number", f"no {_words(number)}{needs}"))
        elif judge(number, measured) is Verdict.WORSE:
            wanting.append(
                Want("missing the paper's number", f"{_words(number)} misses the paper's")
            )
    return wanting


def _measured(number: Number, shown: Sequence[Record]) -> Record | None:
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


def as_markdown(
    table: Table, known: Sequence[Record], load: Loader, failures: Sequence[str] = ()
) -> str:
    """A table as a section of Markdown.

    Args:
        table: the table.
        known: all records.
        load: gives the config of a name.
        failures: what went wrong in this call, a line each.
    """
    state = state_of(table, known, load)
    lines = [
        f"### {table.place}: {table.title}",
        "",
        f"`{table.name}`. State: {state}.",
        "",
        "| | number | the paper | here | trials | steps (epochs) | training | hardware |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    remarks = []
    for row in table.rows:
        shown = records.of_row(table, row, known)
        for record in shown or [None]:
            run = _run_cells(row, record)
            for i, number in enumerate(_lines(row, record, shown)):
                label = row.label if i == 0 and record in (None, *shown[:1]) else ""
                cells = [label, *_number_cells(number, record)]
                lines.append(f"| {' | '.join(cells + (run if i == 0 else [''] * len(run)))} |")
        remarks += _remarks(table, row, shown)
    blocks = {
        "Wanting": state.wanting,
        "Protocol": table.protocol,
        "Remarks": remarks,
        "Failed now": failures,
    }
    for title, sentences in blocks.items():
        if sentences:
            lines += ["", f"{title}:", "", *(f"- {sentence}" for sentence in sentences)]
    return "\n".join(lines) + "\n"


def _lines(
    row: Row, record: Record | None, shown: Sequence[Record]
) -> Sequence[Number] | tuple[None]:
    """The numbers to print of a record: its own, and of the row's first those that none has."""

    def belongs(number: Number) -> bool:
        if record and number.value in record.metrics:
            return True
        return record in (None, *shown[:1]) and _measured(number, shown) is None

    return [number for number in row.numbers if belongs(number)] or (None,)


def _number_cells(number: Number | None, record: Record | None) -> list[str]:
    if number is None:
        return ["", "", ""]
    unit = " %" if VALUES[number.value].fraction else ""
    paper = number.paper + unit if number.paper else "no number"
    trials = _trials(number, record)
    ours = _result(number, trials) if trials else "not measured"
    if judge(number, record) is Verdict.BETTER:
        ours = f"**{ours}**"
    return [_words(number), paper, ours if record else "not run"]


def _run_cells(row: Row, record: Record | None) -> list[str]:
    if record is None:
        return ["", "", "", ""]
    steps = f"{record.step:,}"
    if record.steps_per_epoch:
        steps += f" ({record.step / record.steps_per_epoch:,.0f})"
    if (asked := row.length(record.full_steps)) > record.step:
        steps += f", reduced from {asked:,}"
    seconds = UNRECORDED if record.seconds is None else duration(record.seconds)
    return [str(record.trials), steps, seconds, _hardware(record)]


def _hardware(record: Record) -> str:
    trained, evaluated = record.training["hardware"], record.evaluation["hardware"]
    return trained or f"{UNRECORDED}; evaluated on {evaluated or UNRECORDED}"


def _remarks(table: Table, row: Row, shown: Sequence[Record]) -> list[str]:
    """The reasons of what a row misses, and what else a reader must know of its runs."""
    if not shown:
        return []
    record = shown[0]
    missed = any(judge(number, _measured(number, shown)) is Verdict.WORSE for number in row.numbers)
    notes = dict.fromkeys((row.note, *(other.note for other in shown)))
    remarks = [f"{row.label}: {note}" for note in notes if note]
    if missed and not remarks:
        short = record.step < row.length(record.full_steps) or record.trials < table.trials
        why = "the run is not in full" if short else "the reason is not known"
        remarks.append(f"{row.label}: misses the paper's number; {why}.")
    if record.unrecorded:
        names = ", ".join(record.unrecorded)
        remarks.append(f"{row.label}: run by an earlier version, which lacked {names}.")
    return remarks


def _words(number: Number) -> str:
    return number.value.replace("_", " ")


def _scale(number: Number) -> float:
    return 100.0 if VALUES[number.value].fraction else 1.0


def _trials(number: Number, record: Record | None) -> list[float]:
    """The number of each trial, not a number where it was not finite; empty where not measured."""
    if record is None or number.value not in record.metrics:
        return []
    values = record.metrics[number.value]["trials"]
    return [math.nan if value is None else value for value in values]


def _result(number: Number, trials: Sequence[float]) -> str:
    mean, std = (_scale(number) * value for value in mean_std(trials))
    if not math.isfinite(mean):
        return "not finite"
    fraction = VALUES[number.value].fraction
    # Four digits, or as many decimals as the paper prints and one more.
    digits = 2 if fraction else max(0, 3 - math.floor(math.log10(abs(mean)))) if mean else 2
    digits = max(number.decimals, min(digits, number.decimals + 1) if number.paper else digits)
    text = f"{mean:.{digits}f}" + (f" ± {std:.{digits}f}" if len(trials) > 1 else "")
    return text + (" %" if fraction else "")


def as_data(table: Table, known: Sequence[Record], load: Loader) -> dict[str, Any]:
    """A table as JSON: its state, and for each row its run and the paper's number beside ours."""
    rows = []
    for row in table.rows:
        shown = records.of_row(table, row, known)
        numbers = [
            {
                "value": number.value,
                "paper": number.paper,
                "ours": measured.metrics[number.value] if measured else None,
                "record": measured.file_name if measured else None,
                "verdict": judge(number, measured).name.lower(),
            }
            for number in row.numbers
            for measured in (_measured(number, shown),)
        ]
        rows.append(
            {
                "label": row.label,
                "config": row.config,
                "record": shown[0].file_name if shown else None,
                "wanting": [want.text for want in _wanting(table, row, shown, load)],
                "numbers": numbers,
            }
        )
    state = state_of(table, known, load)
    return {
        "table": table.name,
        "place": table.place,
        "title": table.title,
        "state": state.word,
        "reason": state.summary,
        "protocol": list(table.protocol),
        "rows": rows,
    }


def as_list(papers: Sequence[Paper], known: Sequence[Record], load: Loader) -> str:
    """All tables and their states, a line each, in Markdown."""
    blocks = []
    for paper in papers:
        lines = [
            f"### {paper.title or 'Ours'}",
            "",
            "| table | where | what | state |",
            "| --- | --- | --- | --- |",
        ]
        for table in paper.tables:
            cells = (f"`{table.name}`", table.place, table.title, str(state_of(table, known, load)))
            lines.append(f"| {' | '.join(cells)} |")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def results_page(papers: Sequence[Paper], known: Sequence[Record], load: Loader) -> str:
    """RESULTS.md: the list of all tables, those with a result, and the runs behind them."""
    parts = [_HEAD, "## All tables and figures\n", as_list(papers, known, load)]
    for paper in papers:
        shown = [t for t in paper.tables if any(records.best(row, known) for row in t.rows)]
        if shown:
            parts.append(f"## {paper.title or 'Ours'}\n")
            parts += [as_markdown(table, known, load) for table in shown]
    parts += ["## Numbers\n", _meanings(papers), "## Runs\n", _runs(papers, known)]
    return "\n".join(parts)


def _meanings(papers: Sequence[Paper]) -> str:
    """What the numbers of all tables mean, in alphabetical order."""
    rows = (row for paper in papers for table in paper.tables for row in table.rows)
    names = sorted({number.value for row in rows for number in row.numbers})
    lines = ["| number | meaning | better |", "| --- | --- | --- |"]
    for name in names:
        value = VALUES[name]
        lines.append(f"| {name.replace('_', ' ')} | {value.description} | {value.better} |")
    return "\n".join(lines) + "\n"


def _runs(papers: Sequence[Paper], known: Sequence[Record]) -> str:
    used = {
        record.file_name
        for paper in papers
        for table in paper.tables
        for row in table.rows
        for record in records.of_row(table, row, known)
    }
    lines = [
        "| in `results/` | config | settings changed | seeds | commit | versions | evaluated |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for record in known:
        changed = records.settings(record.overrides)
        changed = ", ".join(f"{field}={value!r}" for field, value in changed.items())
        shown = "" if record.file_name in used else " (in no table)"
        seeds = str(record.seeds[0])
        if record.trials > 1:
            seeds += f" to {record.seeds[-1]}"
        versions = record.training["versions"] or record.evaluation["versions"] or {}
        cells = (
            f"`{record.file_name}`{shown}",
            f"`{record.config}`",
            changed or "none",
            seeds,
            record.training["commit"] or UNRECORDED,
            ", ".join(f"{name} {versions[name]}" for name in ("python", "jax") if name in versions),
            record.time,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"

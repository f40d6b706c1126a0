"""Tables of results in print: Markdown, JSON, the list of all, and RESULTS.md."""

import math
from collections.abc import Sequence
from typing import Any

from aae_jax.metrics import VALUES
from aae_jax.progress import duration
from aae_jax.report import mean_std
from aae_jax.reproduction import records
from aae_jax.reproduction.records import Record
from aae_jax.reproduction.state import (
    Verdict,
    first_with,
    judge,
    scale_of,
    state_of,
    trials_of,
    wants_of,
    words_of,
)
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
        return record in (None, *shown[:1]) and first_with(number, shown) is None

    return [number for number in row.numbers if belongs(number)] or (None,)


def _number_cells(number: Number | None, record: Record | None) -> list[str]:
    if number is None:
        return ["", "", ""]
    unit = " %" if VALUES[number.value].fraction else ""
    paper = number.paper + unit if number.paper else "no number"
    trials = trials_of(number, record)
    ours = _result(number, trials) if trials else "not measured"
    if judge(number, record) is Verdict.BETTER:
        ours = f"**{ours}**"
    return [words_of(number), paper, ours if record else "not run"]


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
    missed = any(
        judge(number, first_with(number, shown)) is Verdict.WORSE for number in row.numbers
    )
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


def _result(number: Number, trials: Sequence[float]) -> str:
    mean, std = (scale_of(number) * value for value in mean_std(trials))
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
            for measured in (first_with(number, shown),)
        ]
        rows.append(
            {
                "label": row.label,
                "config": row.config,
                "record": shown[0].file_name if shown else None,
                "wanting": [want.text for want in wants_of(table, row, shown, load)],
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

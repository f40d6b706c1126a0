"""report.html: one self-contained page that tells a stranger what a run did and how well."""

import base64
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

from aae_jax import output_file
from aae_jax.metrics import Value


@dataclass(frozen=True)
class Picture:
    """A figure of the report: what it is called, its PNG file and its caption."""

    name: str
    path: Path
    caption: str


@dataclass(frozen=True)
class Report:
    """What the page says.

    Attributes:
        title: heading of the page.
        method: what the method is called.
        paper: title of its paper, '' where there is none.
        dataset: name of the data.
        note: the data's provenance, one sentence.
        parameters: number of parameters of each player.
        trials: number of seeded repetitions.
        facts: cost and circumstances, label -> text.
        values: numbers of the evaluation, name -> one per trial.
        meanings: what each of them means.
        judges: the independent network that a value is given by, in words, name -> text.
        pictures: the figures.
        notes: remarks that the reader must not miss, such as a figure that could not be drawn.
        config: the config as text.
        command: shell command that repeats the run.
    """

    title: str
    method: str
    paper: str
    dataset: str
    note: str
    parameters: Mapping[str, int]
    trials: int
    facts: Mapping[str, str]
    values: Mapping[str, Sequence[float]]
    meanings: Mapping[str, Value]
    judges: Mapping[str, str]
    pictures: Sequence[Picture]
    notes: Sequence[str]
    config: str
    command: str


def mean_std(trials: Sequence[float]) -> tuple[float, float]:
    """Mean and sample standard deviation (n - 1 in the denominator; 0 for one trial)."""
    return float(np.mean(trials)), float(np.std(trials, ddof=1)) if len(trials) > 1 else 0.0


def write_report(workdir: str | os.PathLike, report: Report) -> Path:
    """Writes `workdir/report.html`, images included, and returns its path."""
    path = Path(workdir) / "report.html"
    output_file.write(path, _page(report))
    return path


def _number(value: float, meaning: Value) -> str:
    if not math.isfinite(value):
        return "not finite"
    return f"{100 * value:.2f}" if meaning.fraction else f"{value:.4g}"


def result_text(trials: Sequence[float], meaning: Value) -> str:
    """One value, or mean ± standard deviation of several trials, as readers are shown it."""
    mean, std = mean_std(trials)
    text = _number(mean, meaning)
    if not math.isfinite(mean):
        return text
    if len(trials) > 1:
        if meaning.fraction:
            mean, std, decimals = 100 * mean, 100 * std, 2
        elif meaning.count:
            decimals = 1
        else:  # four digits of the mean, and as many decimals of the deviation
            decimals = max(0, 3 - math.floor(math.log10(abs(mean)))) if mean else 4
        text = f"{mean:.{decimals}f} ± {std:.{decimals}f}"
    return text + (" %" if meaning.fraction else "")


def _yardstick(name: str, report: Report) -> str:
    """The cell beside the number `name` that says what a trivial answer scores."""
    for other, trials in report.values.items():
        meaning = report.meanings[other]
        if meaning.yardstick_of == name:
            # The rule after the semicolon is that of the number itself.
            what = escape(meaning.description.split(";")[0])
            # One number where it is the same for all trials, as that of the data alone is.
            trials = trials[:1] if len(set(trials)) == 1 else trials
            return f"{result_text(trials, meaning)}<small>{what}</small>"
    return ""


def _source(paper: str) -> str:
    """Says in the middle of a sentence whose method it is."""
    return f", the method of the paper “{escape(paper)}”," if paper else ""


def _numbers(report: Report) -> str:
    values, trials = report.values, report.trials
    shown = [name for name in values if report.meanings[name].yardstick_of not in values]
    if not shown:
        return "<p>The config asks for no metrics.</p>"
    head = "<th>What<th>Result<th>Yardstick" + ("<th>Each trial" if trials > 1 else "")
    rows = []
    for name in shown:
        meaning = report.meanings[name]
        better = f" ({meaning.better} is better)" if meaning.better else ""
        judge = f", by {escape(report.judges[name])}" if name in report.judges else ""
        cells = [
            f"<td>{escape(meaning.description)}{better}"
            f"<small><code>{escape(name)}</code>{judge}</small>",
            f'<td class="number"><strong>{result_text(values[name], meaning)}</strong>',
            f'<td class="number">{_yardstick(name, report)}',
        ]
        if trials > 1:
            each = ", ".join(_number(value, meaning) for value in values[name])
            cells.append(f'<td class="trials">{each}')
        rows.append("<tr>" + "".join(cells))
    spread = f"<p>Mean ± standard deviation over {trials} trials, which differ in their seed.</p>"
    table = f'<div class="wide"><table class="results"><tr>{head}{"".join(rows)}</table></div>'
    return (spread if trials > 1 else "<p>One trial.</p>") + table


def _pairs(pairs: Mapping[str, str]) -> str:
    rows = (f"<tr><th>{escape(key)}<td>{escape(text)}" for key, text in pairs.items())
    return f'<div class="wide"><table>{"".join(rows)}</table></div>'


def _picture(picture: Picture) -> str:
    data = base64.b64encode(picture.path.read_bytes()).decode("ascii")
    caption = escape(picture.caption)
    return (
        f'<figure id="{escape(picture.name)}"><img alt="{caption}" '
        f'src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'
    )


def _page(report: Report) -> str:
    players = {
        name.replace("_", " "): f"{count:,} parameters" for name, count in report.parameters.items()
    } | {"together": f"{sum(report.parameters.values()):,} parameters"}
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in report.notes)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(report.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(report.title)}</h1>
<p>{escape(report.method)}{_source(report.paper)} was trained on {escape(report.dataset)}.
This page holds its numbers, its figures, and what it takes to repeat the run.</p>
{notes}
<h2>Numbers</h2>
{_numbers(report)}
<h2>Figures</h2>
{"<p>All figures that show a model are of the first trial.</p>" if report.trials > 1 else ""}
{"".join(map(_picture, report.pictures)) or "<p>The config asks for no figures.</p>"}
<h2>Data</h2>
<p>{escape(report.note)}</p>
<h2>Networks</h2>
<p>The players of the game, each a network that is trained on a loss of its own.</p>
{_pairs(players)}
<h2>Cost and circumstances</h2>
{_pairs(report.facts)}
<h2>Repeating the run</h2>
<p>From the folder where the run was started, as paths may be relative to it; the repetition goes
into the run's own folder:</p>
<pre>{escape(report.command)}</pre>
<details><summary>The whole config</summary><pre>{escape(report.config)}</pre></details>
</body>
</html>
"""


_STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6576; --line: #d9dde4;
  --paper: #ffffff; --well: #f3f5f8; --note: #fff3d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #a3adbd; --line: #394150;
  --paper: #161a21; --well: #212733; --note: #453a1c; } }
body { max-width: 58rem; margin: 2rem auto; padding: 0 1rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; }
h2 { margin-top: 2.2rem; font-size: 1.25rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
th { font-weight: 600; }
td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.number small { white-space: normal; max-width: 13rem; }
td.trials { font-size: .85rem; color: var(--soft); font-variant-numeric: tabular-nums; }
small { display: block; color: var(--soft); font-size: .8rem; }
figure { margin: 1.8rem 0; }
figure img { display: block; max-width: 100%; padding: .5rem; box-sizing: border-box;
  background: #ffffff; border: 1px solid var(--line); border-radius: 4px; }
figcaption { margin-top: .5rem; color: var(--soft); }
pre { padding: .8rem; overflow-x: auto; background: var(--well); border-radius: 4px;
  font-size: .85rem; }
summary { cursor: pointer; }
.note { padding: .6rem .9rem; background: var(--note); border-radius: 4px; }
@media (max-width: 40rem) {  /* a phone: one cell below the other, wide figures to be moved */
  .results, .results tbody, .results tr, .results td { display: block; }
  .results tr:first-child { display: none; }
  .results tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .results td { padding: .1rem 0; border: 0; }
  .results td.number small { max-width: none; }
  .results td:nth-child(3):not(:empty)::before { content: "yardstick: "; }
  figure { overflow-x: auto; }
  figure img { max-width: none; width: max(100%, 44rem); }
}
"""

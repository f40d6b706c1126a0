"""Reproduces the tables and figures of the papers: runs what is behind one, and keeps the result.

    python launch/reproduce.py --list
    python launch/reproduce.py --table=iae_figure_8
    python launch/reproduce.py --table=aae_semi_supervised --row=aae_mnist_100_labels --trials=1 \\
        --budget=2h --override=data.dir=/data

A table's runs are made one after the other, each in a workdir under --runs; what is recorded is
read, what was interrupted goes on, and a run that fails does not keep the others from running. A
record is a small JSON file in results/, and RESULTS.md is made from those alone:

    python launch/reproduce.py --write_results

Where a number needs Inception, --override=evaluation.inception=FILE names its weights. A run is
evaluated for all numbers of its row, unless "--override=evaluation.metrics=('parzen',)" names some.

A run made by `aae_jax.main` is recorded with --from_workdir=runs/aim_grid.

The budget is that of each run, in steps or in time of training, and a run that it cut short is
called reduced. With a budget in time, the same command again goes on for as long.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from absl import app, flags

sys.path.insert(0, str(Path(__file__).parent.parent))  # the configs of the checkout

from aae_jax import console, output_file
from aae_jax.errors import UserError

ROOT = Path(__file__).parent.parent

_LIST = flags.DEFINE_bool("list", False, "List all tables and figures, and how far they are.")
_TABLE = flags.DEFINE_string("table", None, "Run a table or figure, by the name that --list gives.")
_FROM_WORKDIR = flags.DEFINE_string("from_workdir", None, "Record an evaluated run's workdir.")
_WRITE_RESULTS = flags.DEFINE_bool("write_results", False, "Write RESULTS.md from the records.")
_ROW = flags.DEFINE_string("row", None, "Of the table only the rows of this config or label.")
_TRIALS = flags.DEFINE_integer("trials", None, "Trials of each run; default: the table's.", 1)
_BUDGET = flags.DEFINE_string("budget", None, "For each run: 5000steps, 30min or 1.5h.")
_OVERRIDE = flags.DEFINE_multi_string("override", [], "A config's field for all rows: field=value.")
_NOTE = flags.DEFINE_string("note", "", "A remark kept with the record, such as why it misses.")
_CONFIG = flags.DEFINE_string("config", None, "With --from_workdir: the config, if not plain.")
_DRY_RUN = flags.DEFINE_bool("dry_run", False, "With --table: say what would run.")
_JSON = flags.DEFINE_string("json", None, "With --table: a file for the table as data.")
_RUNS = flags.DEFINE_string("runs", "runs", "Folder of the workdirs.")
_RESULTS = flags.DEFINE_string(
    "results", str(ROOT / "results"), "Folder of the records; RESULTS.md lies beside it."
)

_ACTIONS = (_LIST, _TABLE, _FROM_WORKDIR, _WRITE_RESULTS)
# The action's flag -> names of the flags that it heeds, of those that some do not.
_HEEDED = {
    "table": {"row", "trials", "budget", "override", "note", "dry_run", "json", "runs"},
    "from_workdir": {"note", "config"},
}


def _main(argv: Sequence[str]) -> int:
    console.refuse_arguments(argv)
    if sum(bool(action.value) for action in _ACTIONS) != 1:
        raise UserError("give one of --list, --table=<name>, --from_workdir=, --write_results")
    _refuse_flags_of_others(next(action.name for action in _ACTIONS if action.value))
    # Imported late: --help and mistyped flags answer at once.
    from aae_jax.reproduction import PAPERS, records, render
    from aae_jax.reproduction.runs import load_config

    console.set_up()
    results = Path(_RESULTS.value).expanduser()
    if _LIST.value:
        print(render.as_list(PAPERS, records.read_all(results), load_config), end="")
        return 0
    failed = 0
    if _TABLE.value:
        failed = _run(_TABLE.value, results)
    elif _FROM_WORKDIR.value:
        _record(Path(_FROM_WORKDIR.value).expanduser(), results)
    if not _DRY_RUN.value:
        page = render.results_page(PAPERS, records.read_all(results), load_config)
        output_file.write(results.parent / "RESULTS.md", page)
        if _WRITE_RESULTS.value:
            print(f"wrote {results.parent / 'RESULTS.md'}")
    return 1 if failed else 0


def _refuse_flags_of_others(action: str) -> None:
    """Raises a UserError where a flag is given that only another action heeds."""
    for other, heeded in _HEEDED.items():
        for name in sorted(heeded - _HEEDED.get(action, set())):
            if flags.FLAGS[name].present:
                raise UserError(f"--{name} is for --{other}, not for --{action}: leave it out")


def _run(name: str, results: Path) -> int:
    """Runs a table and prints it; returns how many of its rows failed."""
    from aae_jax import cpu_devices
    from aae_jax.reproduction import find_table, records, render, runs

    if _JSON.value:
        output_file.check("json", _JSON.value)
    table = find_table(name)
    rows = [row for row in table.rows if _ROW.value in (None, row.config, row.label)]
    if not rows:
        known = ", ".join(sorted({row.config for row in table.rows}))
        labels = "; ".join(row.label for row in table.rows)
        raise UserError(
            f"--row={_ROW.value}: table {name} has the configs {known} and the rows {labels}"
        )
    options = runs.Options(
        folder=Path(_RUNS.value).expanduser(),
        results=results,
        trials=_TRIALS.value,
        budget=runs.parse_budget(_BUDGET.value) if _BUDGET.value is not None else runs.Budget(),
        overrides=runs.parse_overrides(_OVERRIDE.value),
        note=_NOTE.value,
    )
    known = records.read_all(results)
    if _DRY_RUN.value:
        for row in rows:
            print(runs.describe(runs.make_plan(table, row, options), options.budget, known))
        return 0
    cpu_devices.deal_out(runs.make_plan(table, rows[0], options).config)  # of a table all are alike
    outcomes = runs.run_table(table, options, rows, known)
    known = records.read_all(results)
    failures = [f"{o.row.label}: {o.failure}" for o in outcomes if o.failure]
    print(render.as_markdown(table, known, options.load, failures))
    if _JSON.value:
        data = render.as_data(table, known, options.load)
        output_file.write(Path(_JSON.value), json.dumps(data, indent=2) + "\n")
    return len(failures)


def _record(folder: Path, results: Path) -> None:
    """Records a workdir and says where."""
    from aae_jax.reproduction import PAPERS, records, runs

    names = sorted(path.stem for path in (ROOT / "configs").glob("[!_]*.py"))
    name = _CONFIG.value or runs.name_config(folder, runs.load_config, names)
    if name not in names:
        raise UserError(f"--config={name}: there is no configs/{name}.py")
    record = records.from_workdir(folder, name, runs.load_config(name), _NOTE.value)
    print(f"recorded as configs/{name}.py: {records.write(record, results)}")
    tables = [
        table.name
        for paper in PAPERS
        for table in paper.tables
        if any(records.best(row, [record]) for row in table.rows)
    ]
    if tables:
        print(f"it enters {', '.join(tables)}")
        return
    changed = {"seed": record.seeds[0], **records.settings(record.overrides)}
    fields = ", ".join(f"{field}={value!r}" for field, value in changed.items())
    print(f"no table has a row of that config with {fields}")


def run() -> None:
    """Runs the command line; what cannot go on ends as `console.one_line` says.

    Status 1: a row of the table failed.
    """
    with console.one_line("reproduce"):
        app.run(_main, flags_parser=console.parse)


if __name__ == "__main__":
    run()

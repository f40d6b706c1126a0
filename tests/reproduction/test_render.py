"""What is said of results: verdicts, states, tables in Markdown, and RESULTS.md itself."""

import importlib
from pathlib import Path

import pytest

from aae_jax.metrics import VALUES
from aae_jax.reproduction import PAPERS, records, render
from aae_jax.reproduction.render import Verdict, judge
from aae_jax.reproduction.runs import load_config
from aae_jax.reproduction.tables import Number, Paper, Row, Table
from tests.reproduction.helpers import record

ROOT = Path(__file__).parent.parent.parent
ERROR = Number("clustering_error_hungarian", "3.32 ± 0.39")
TABLE = Table(
    "a_table",
    "Table 9",
    "What it shows",
    (
        Row("first", "amm_mnist", (ERROR,)),
        Row("second", "aim_grid", (Number("modes_captured", "25"),)),
    ),
    protocol=("One difference.",),
)


def load(name):
    """The config of a name, as long as the records of `helpers` are."""
    config = load_config(name)
    config.steps = 100
    return config


def error(*trials, **fields):
    return record("amm_mnist", values={"clustering_error_hungarian": list(trials)}, **fields)


def modes(*trials, **fields):
    return record("aim_grid", values={"modes_captured": list(trials)}, **fields)


@pytest.mark.parametrize(
    ("number", "made", "verdict"),
    [
        (ERROR, error(0.0331), Verdict.BETTER),
        (ERROR, error(0.03324), Verdict.EQUAL),  # 3.32 as printed
        (ERROR, error(0.034, 0.033), Verdict.WORSE),
        (ERROR, error(0.01, None), Verdict.WORSE),  # not finite in a trial
        (ERROR, record("amm_mnist"), Verdict.NONE),
        (ERROR, None, Verdict.NONE),
        (Number("modes_captured", "25"), modes(25.0, 25.0), Verdict.EQUAL),
        (Number("modes_captured", "25"), modes(25.0, 24.0), Verdict.WORSE),  # not 25 every time
        (Number("modes_captured", "3.3"), modes(23.0, 24.0), Verdict.BETTER),
        (Number("modes_captured"), modes(23.0), Verdict.NONE),
    ],
)
def test_a_verdict_is_at_the_decimals_of_the_paper(number, made, verdict):
    assert judge(number, made) is verdict


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ([error(0.03), modes(25.0)], "reproduced"),
        ([error(0.03)], "partly: of 2 rows 1 not run"),
        ([error(0.05), modes(25.0)], "partly: of 2 rows 1 missing the paper's number"),
        (
            [error(0.03, step=50), modes(25.0, step=50)],
            "partly: of 2 rows 2 reduced; about 2 min more at this rate",
        ),
        (
            [error(0.05, trials=1, seeds=[0], seconds=None)],
            "partly: of 2 rows 1 of fewer trials, 1 missing the paper's number, 1 not run",
        ),
        ([record("amm_mnist"), modes(25.0)], "partly: of 2 rows 1 without a number"),
        (
            [],
            "not run: needs data mnist; 10 trials of 100 steps a run",
        ),
    ],
)
def test_the_state_says_what_is_wanting(known, state):
    assert str(render.state_of(TABLE, known, load)) == state


@pytest.mark.parametrize(
    ("known", "lines"),
    [
        ([error(0.03)], ["not run: second"]),
        (
            [error(0.05, step=50), modes(25.0, step=50)],
            [
                "reduced to 50 of 100 steps: every row",
                "clustering error hungarian misses the paper's: first",
            ],
        ),
        (
            [error(0.03, trials=1, seeds=[0], seconds=None), modes(25.0)],
            ["1 of 10 trials: first"],
        ),
        ([record("amm_mnist"), modes(25.0)], ["no clustering error hungarian: first"]),
        ([error(0.03), modes(25.0)], []),
    ],
)
def test_a_table_says_which_rows_want_what(known, lines):
    text = render.as_markdown(TABLE, known, load)
    block = "\nWanting:\n\n" + "".join(f"- {line}\n" for line in lines) + "\nProtocol:"
    assert block in text if lines else "Wanting" not in text


def test_of_a_table_of_one_row_the_state_says_all():
    table = Table("t", "Table 1", "", TABLE.rows[:1])
    assert str(render.state_of(table, [error(0.05, step=50)], load)) == (
        "partly: reduced to 50 of 100 steps; clustering error hungarian misses the paper's; "
        "about 1 min more at this rate"
    )
    assert "Wanting" not in render.as_markdown(table, [error(0.05, step=50)], load)


def test_time_left_is_of_the_rows_begun():
    state = render.state_of(TABLE, [error(0.05, step=50)], load)
    assert str(state).endswith("about 1 min more at this rate for the rows begun")


def test_the_page_says_what_its_numbers_mean():
    page = render.results_page([Paper("P", (TABLE,))], [modes(25.0)], load)
    value = VALUES["modes_captured"]
    assert f"| modes captured | {value.description} | higher |" in page
    assert "| nmi |" not in page


def test_a_row_of_a_length_of_its_own_is_whole_with_that():
    short = Row("a", "aim_grid", (Number("modes_captured"),), steps=50)
    table = Table("t", "Ours", "", (short,))
    assert str(render.state_of(table, [], load)) == "not run: 10 trials of 50 steps a run"
    assert str(render.state_of(table, [modes(25.0, step=50)], load)) == "measured"
    assert "| 50 (2) |" in render.as_markdown(table, [modes(25.0, step=50)], load)
    assert str(render.state_of(table, [modes(25.0, step=25)], load)) == (
        "partly: reduced to 25 of 50 steps; about 1 min more at this rate"
    )


def test_a_record_of_a_config_that_was_another_is_not_the_whole():
    stale = error(0.03, full_steps=90, step=90)
    state = render.state_of(TABLE, [stale, modes(25.0)], load)
    assert str(state) == "partly: of 2 rows 1 of another config; about 7 s more at this rate"
    assert state.wanting == ("the config has changed since: steps: first",)


def test_a_figure_without_numbers_is_drawn_once_its_pictures_are_there():
    table = Table("f", "Fig. 1", "", (Row("a", "aim_grid"),), trials=1, figures=("code_scatter",))
    assert str(render.state_of(table, [record()], load)) == "partly: not drawn: code_scatter"
    drawn = record(figures=["code_scatter", "training_curves"])
    assert str(render.state_of(table, [drawn], load)) == "drawn"


def test_markdown_shows_both_numbers_and_why_one_misses():
    known = [error(0.03, 0.032, trials=2, seeds=[0, 1]), modes(23.0, step=50, note="too short")]
    text = render.as_markdown(TABLE, known, load, ["second: it failed"])
    assert (
        "| first | clustering error hungarian | 3.32 ± 0.39 % | **3.10 ± 0.14 %** | 2 | 100 (5) | "
        "1 min 00 s | a CPU |"
    ) in text
    assert "| second | modes captured | 25 | 23.0 | 10 | 50 (2), reduced from 100 |" in text
    assert "- second: too short" in text
    assert "- One difference." in text
    assert "Failed now:\n\n- second: it failed" in text


def test_a_number_comes_from_the_longest_run_that_has_it():
    row = Row("a", "aim_grid", (Number("modes_captured", "25"), Number("modes_high_quality")))
    table = Table("t", "Table 1", "", (row,), figures=("code_scatter",))
    long = record(
        values={"modes_captured": [24.0]}, step=90, trials=1, seeds=[0], note="of one seed"
    )
    more = record(
        values={"modes_captured": [25.0] * 2, "modes_high_quality": [0.9, 0.7]},
        step=80,
        trials=2,
        seeds=[0, 1],
        figures=["code_scatter"],
        note="of two",
    )
    text = render.as_markdown(table, [more, long], load)
    assert text.count("| a |") == 1
    assert (
        "| a | modes captured | 25 | 24.0 | 1 | 90 (4), reduced from 100 | 1 min 00 s | a CPU |\n"
        "|  | modes captured | 25 | 25.0 ± 0.0 | 2 | 80 (4), reduced from 100 | 1 min 00 s | a CPU "
        "|\n|  | modes high quality | no number | 80.00 ± 14.14 % |  |  |  |  |\n"
    ) in text
    assert "- a: of one seed\n- a: of two\n" in text
    assert "no modes high quality" not in text
    assert "not drawn" not in text
    (data,) = render.as_data(table, [more, long], load)["rows"]
    assert data["record"] == "aim_grid-90x1.json"
    assert [number["record"] for number in data["numbers"]] == [
        "aim_grid-90x1.json",
        "aim_grid-80x2.json",
    ]
    assert "(in no table)" not in render.results_page([Paper("P", (table,))], [more, long], load)


def test_a_miss_without_a_note_says_that_too():
    text = render.as_markdown(TABLE, [modes(23.0)], load)
    assert "second: misses the paper's number; the reason is not known." in text
    text = render.as_markdown(TABLE, [modes(23.0, step=50)], load)
    assert "second: misses the paper's number; the run is not in full." in text


def test_what_was_not_recorded_is_called_so():
    nothing = {"commit": None, "versions": None, "hardware": None}
    made = modes(25.0, training=nothing, seconds=None, unrecorded=["game.noise"])
    page = render.results_page([Paper("P", (TABLE,))], [made], load)
    assert "| not recorded | not recorded; evaluated on a CPU |" in page
    assert "run by an earlier version, which lacked game.noise" in page
    assert "| `aim_grid-100x10.json` | `aim_grid` | none | 0 to 9 | not recorded | python" in page


def test_a_record_with_other_settings_is_in_no_table():
    other = modes(25.0, overrides={"game.weight": 0.3})
    page = render.results_page([Paper("P", (TABLE,))], [other], load)
    assert "(in no table) | `aim_grid` | game.weight=0.3 |" in page
    assert "### Table 9" not in page


def test_data_holds_the_same():
    data = render.as_data(TABLE, [error(0.03)], load)
    assert (data["state"], data["reason"]) == ("partly", "of 2 rows 1 not run")
    first, second = data["rows"]
    assert first["numbers"][0]["verdict"] == "better"
    assert first["numbers"][0]["ours"] == {"trials": [0.03]}
    assert (second["record"], second["wanting"]) == (None, ["not run"])


def test_the_list_has_every_table():
    text = render.as_list(PAPERS, [], load_config)
    for paper in PAPERS:
        for table in paper.tables:
            assert f"| `{table.name}` |" in text


def test_results_md_is_what_the_records_give():
    page = render.results_page(PAPERS, records.read_all(ROOT / "results"), load_config)
    written = (ROOT / "RESULTS.md").read_text(encoding="utf-8")
    assert written == page, "run python launch/reproduce.py --write_results"


def test_no_record_is_left_over():
    """Each is of a config that exists and has the name that it would be written under."""
    for path in (ROOT / "results").glob("*.json"):
        (kept,) = [r for r in records.read_all(ROOT / "results") if r.file_name == path.name]
        importlib.import_module(f"configs.{kept.config}")

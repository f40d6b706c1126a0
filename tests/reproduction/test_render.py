"""What is said of results: tables in Markdown and JSON, and RESULTS.md itself."""

import importlib
from pathlib import Path

import pytest

from aae_jax.metrics import VALUES
from aae_jax.reproduction import PAPERS, records, render
from aae_jax.reproduction.runs import load_config
from aae_jax.reproduction.state import state_of
from aae_jax.reproduction.tables import Number, Paper, Row, Table
from tests.reproduction.helpers import TABLE, error, load, modes, record

ROOT = Path(__file__).parent.parent.parent


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
    assert str(state_of(table, [error(0.05, step=50)], load)) == (
        "partly: reduced to 50 of 100 steps; clustering error hungarian misses the paper's; "
        "about 1 min more at this rate"
    )
    assert "Wanting" not in render.as_markdown(table, [error(0.05, step=50)], load)


def test_the_page_says_what_its_numbers_mean():
    page = render.results_page([Paper("P", (TABLE,))], [modes(25.0)], load)
    value = VALUES["modes_captured"]
    assert f"| modes captured | {value.description} | higher |" in page
    assert "| nmi |" not in page


def test_steps_of_a_row_of_a_length_of_its_own():
    short = Row("a", "aim_grid", (Number("modes_captured"),), steps=50)
    table = Table("t", "Ours", "", (short,))
    assert "| 50 (2) |" in render.as_markdown(table, [modes(25.0, step=50)], load)


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

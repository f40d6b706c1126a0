"""How far a table is reproduced: verdicts, and what is wanting."""

import pytest

from aae_jax.reproduction.state import Verdict, judge, state_of
from aae_jax.reproduction.tables import Number, Row, Table
from tests.reproduction.helpers import ERROR, TABLE, error, load, modes, record


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
    assert str(state_of(TABLE, known, load)) == state


def test_time_left_is_of_the_rows_begun():
    state = state_of(TABLE, [error(0.05, step=50)], load)
    assert str(state).endswith("about 1 min more at this rate for the rows begun")


def test_a_row_of_a_length_of_its_own_is_whole_with_that():
    short = Row("a", "aim_grid", (Number("modes_captured"),), steps=50)
    table = Table("t", "Ours", "", (short,))
    assert str(state_of(table, [], load)) == "not run: 10 trials of 50 steps a run"
    assert str(state_of(table, [modes(25.0, step=50)], load)) == "measured"
    assert str(state_of(table, [modes(25.0, step=25)], load)) == (
        "partly: reduced to 25 of 50 steps; about 1 min more at this rate"
    )


def test_a_record_of_a_config_that_was_another_is_not_the_whole():
    stale = error(0.03, full_steps=90, step=90)
    state = state_of(TABLE, [stale, modes(25.0)], load)
    assert str(state) == "partly: of 2 rows 1 of another config; about 7 s more at this rate"
    assert state.wanting == ("the config has changed since: steps: first",)


def test_a_figure_without_numbers_is_drawn_once_its_pictures_are_there():
    table = Table("f", "Fig. 1", "", (Row("a", "aim_grid"),), trials=1, figures=("code_scatter",))
    assert str(state_of(table, [record()], load)) == "partly: not drawn: code_scatter"
    drawn = record(figures=["code_scatter", "training_curves"])
    assert str(state_of(table, [drawn], load)) == "drawn"

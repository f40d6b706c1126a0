"""The definitions of all tables: everything that they name exists, and nothing is left out."""

import functools
import importlib
import json

import pytest

from aae_jax.errors import UserError
from aae_jax.figures import FIGURES
from aae_jax.methods import METHODS
from aae_jax.metrics import METRICS, VALUES
from aae_jax.reproduction import PAPERS, find_table
from aae_jax.reproduction.runs import Options, make_plan
from aae_jax.reproduction.tables import Number
from tests.configs import config_names

TABLES = {table.name: table for paper in PAPERS for table in paper.tables}


@functools.cache
def config_of(name):
    return importlib.import_module(f"configs.{name}").get_config()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_names_what_exists(name, tmp_path):
    table = TABLES[name]
    assert table.rows
    for row in table.rows:
        assert row.numbers or row.figures or table.figures, row.label
        for number in row.numbers:
            assert number.value in VALUES
            if number.paper:
                assert VALUES[number.value].better, "a verdict needs a direction"
        config = config_of(row.config)
        for figure in (*table.figures, *row.figures):
            assert figure == "training_curves" or figure in FIGURES
            assert figure == "training_curves" or figure in config.evaluation.figures
        plan = make_plan(table, row, Options(tmp_path, tmp_path, load=config_of.__wrapped__))
        assert plan.config.trials == table.trials
        measured = {v for name in plan.config.evaluation.metrics for v in METRICS[name].values}
        for number in row.numbers:
            assert number.value in measured or number.needs, (row.label, number.value)


def test_every_config_is_in_a_table():
    used = {row.config for table in TABLES.values() for row in table.rows}
    assert set(config_names()) <= used, "enter it in aae_jax/reproduction (ours.py, if no paper's)"


def test_names_are_unique():
    tables = [table for paper in PAPERS for table in paper.tables]
    assert len(TABLES) == len(tables)
    for table in tables:
        rows = [(row.config, json.dumps(row.overrides, sort_keys=True)) for row in table.rows]
        assert len(set(rows)) == len(rows), table.name


def test_the_papers_are_those_of_the_methods():
    titles = {paper.title for paper in PAPERS}
    assert len(titles) == 6
    assert titles - {""} <= {method.paper for method in METHODS.values()}


def test_a_number_reads_what_is_printed():
    assert (Number("nmi", "5.60 ± 0.45").goal, Number("nmi", "5.60 ± 0.45").decimals) == (5.6, 2)
    assert (Number("nmi", "about 5").goal, Number("nmi", "about 5").decimals) == (5.0, 0)
    assert Number("nmi").goal is None
    with pytest.raises(ValueError, match="no number as printed"):
        Number("nmi", "5 +- 1")


def test_a_table_is_found_by_name():
    assert find_table("aim_table_2").place == "Table 2"
    with pytest.raises(UserError, match="no table 'aim_table_3'; the nearest are aim_table_2"):
        find_table("aim_table_3")

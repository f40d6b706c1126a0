"""Fields of a game that nothing reads, given the others."""

import re

import pytest

from aae_jax import plan
from aae_jax.errors import UserError
from aae_jax.methods import METHODS, idle, refuse_idle
from aae_jax.reproduction import PAPERS
from tests.configs import config_names, experiment, test_config

ROWS = [row for paper in PAPERS for table in paper.tables for row in table.rows if row.overrides]


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("amm_mnist", {"prior_radius": 2.0}, "game.prior_radius is 2.0, which nothing reads where"),
        ("amm_mnist", {"prior_epochs": 2.0}, "game.prior_epochs is 2.0, which nothing reads where"),
        ("amm_mnist_fixed_prior", {"prior_first_radius": 2.0}, "where game.prior_epochs is 0.0"),
        ("aim_mnist", {"noise_epochs": 5.0}, "where game.noise is 0.0: leave it at 0.0, or change"),
        ("ali_mnist", {"norm": "l1"}, "game.norm is 'l1', which nothing reads where game.cycle is"),
        ("aae_mnist", {"eta": 3}, "where game.posterior is 'deterministic': leave it at 100"),
        ("aae_mnist", {"classes": 4}, "game.classes is 4, which nothing reads where game.labels"),
        (
            "learned_prior_mnist",
            {"components": 4},
            "is 'none': leave it at 10",
        ),
        ("learned_prior_mnist_labels", {"sentence": 3}, "game.sentence is 3, which nothing reads"),
        ("learned_prior_mnist", {"information": 0.1}, "game.information is 0.1, which nothing"),
    ],
)
def test_a_field_that_nothing_reads_is_refused(name, fields, message, tmp_path):
    config = test_config(name)
    plan.plan(config, tmp_path)
    config.game.update(fields)
    with pytest.raises(UserError, match=re.escape(message)):
        plan.plan(config, tmp_path)


def test_with_another_choice_it_is_read():
    config = test_config("amm_mnist")
    config.game.update({"prior": "fixed", "prior_radius": 2.0})
    refuse_idle(config)


@pytest.mark.parametrize("name", config_names())
def test_no_config_has_one(name):
    refuse_idle(experiment(name))


def test_no_row_of_a_table_has_one():
    assert ROWS
    for row in ROWS:
        config = experiment(row.config)
        with config.unlocked():
            config.update_from_flattened_dict(row.overrides)
        refuse_idle(config)


def test_every_field_and_choice_belongs_to_a_method():
    known = [method.options() for method in METHODS.values() if method.options]
    for field, (choice, _) in idle._READ_WITH.items():
        assert any({field, choice} <= set(options) for options in known), field

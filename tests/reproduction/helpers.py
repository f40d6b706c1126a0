"""Records that no run made, for tests of what is said of them, and a table of two."""

from aae_jax.reproduction.records import Record
from aae_jax.reproduction.runs import load_config
from aae_jax.reproduction.tables import Number, Row, Table

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


def record(config="aim_grid", **fields):
    """A full record of ten trials; values of trials are given as `values={name: trials}`."""
    values = fields.pop("values", {})
    made = {"commit": None, "versions": {"python": "3.11", "jax": "0.10"}, "hardware": "a CPU"}
    known = {
        "config": config,
        "overrides": {},
        "unrecorded": [],
        "fields": {},
        "full_steps": 100,
        "step": 100,
        "trials": 10,
        "seeds": list(range(10)),
        "steps_per_epoch": 20,
        "seconds": 60.0,
        "metrics": {name: {"trials": trials} for name, trials in values.items()},
        "figures": [],
        "curve": {},
        "time": "2026-01-01T00:00:00+0000",
        "training": made,
        "evaluation": made,
    }
    return Record(**{**known, **fields})


def load(name):
    """The config of a name, as long as these records are."""
    config = load_config(name)
    config.steps = 100
    return config


def error(*trials, **fields):
    return record("amm_mnist", values={"clustering_error_hungarian": list(trials)}, **fields)


def modes(*trials, **fields):
    return record("aim_grid", values={"modes_captured": list(trials)}, **fields)

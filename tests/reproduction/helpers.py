"""Records that no run made, for tests of what is said of them."""

from aae_jax.reproduction.records import Record


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

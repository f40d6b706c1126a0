"""Cores that count as devices, in processes of their own: JAX counts its devices once."""

import os
import subprocess
import sys

import pytest

from aae_jax import cpu_devices
from configs import aae_mnist, aim_grid
from tests.helpers import fake_devices, log

_COUNT = """if True:
    import os
    import jax
    from aae_jax import cpu_devices
    from configs import {config} as config

    os.sched_getaffinity = lambda _: range({cores})
    config = config.get_config()
    config.trials = {trials}
    print(cpu_devices.deal_out(config), jax.device_count())
"""


def count(environment=None, **values):
    done = subprocess.run(
        [sys.executable, "-c", _COUNT.format(**values)],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [int(word) for word in done.stdout.split()]


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cores are counted otherwise")
def test_trials_are_dealt_out_to_cores():
    assert count(config="aim_grid", trials=6, cores=4) == [3, 3]


def test_only_trials_of_the_plane(monkeypatch):
    monkeypatch.setattr(cpu_devices, "_cores", lambda: 4)
    monkeypatch.delenv("XLA_FLAGS")
    for module, trials in ((aim_grid, 1), (aim_grid, 7), (aae_mnist, 10)):
        config = module.get_config()
        config.trials = trials
        assert cpu_devices.deal_out(config) == 1


def test_a_number_that_the_user_chose_stays(monkeypatch):
    config = aim_grid.get_config()
    config.trials = 10
    monkeypatch.setattr(cpu_devices, "_cores", lambda: 4)
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=3")
    assert cpu_devices.deal_out(config) == 1
    chosen = {"JAX_NUM_CPU_DEVICES": "1"}
    assert count(chosen, config="aim_grid", trials=10, cores=2) == [1, 1]


@pytest.mark.skipif(cpu_devices._cores() < 2, reason="one core")
def test_a_run_is_the_same_dealt_out(tmp_path):
    small = (
        "trials=2",
        "steps=3",
        "batch_size=8",
        "data.size=64",
        "evaluation.every=0",
        "log.every=1",
    )
    command = [sys.executable, "-m", "aae_jax.main", "--config=configs/iae_ring.py"]
    command += [f"--config.{field}" for field in small]
    command += ["--config.evaluation.metrics=()", "--config.evaluation.figures=()"]
    lines = {}
    for name, environment in {"dealt": os.environ, "together": fake_devices(1)}.items():
        workdir = tmp_path / name
        done = subprocess.run(
            [*command, f"--workdir={workdir}"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        lines[name] = log(workdir)
    assert [line["step"] for line in lines["dealt"]] == [1, 2, 3]
    # Adam magnifies rounding.
    for dealt, together in zip(lines["dealt"], lines["together"], strict=True):
        assert dealt.keys() == together.keys()
        for name in dealt.keys() - {"kind"}:
            assert dealt[name] == pytest.approx(together[name], rel=1e-3), name

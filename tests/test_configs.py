"""Every config can be trained, evaluated and reported on, in small."""

import importlib
import json
from pathlib import Path

import pytest

from aae_jax.evaluate import evaluate
from aae_jax.train import train

CONFIGS = sorted(
    path.stem
    for path in (Path(__file__).parent.parent / "configs").glob("*.py")
    if not path.stem.startswith("_")
)


# Alone they are the longest file by far, so they are dealt out to the workers, by method.
BY_METHOD = [
    pytest.param(name, marks=pytest.mark.xdist_group(name.partition("_")[0])) for name in CONFIGS
]


@pytest.mark.parametrize("name", BY_METHOD)
def test_two_steps_and_a_report(tmp_path, name):
    config = importlib.import_module(f"configs.{name}").get_test_config()
    assert config.steps == 2
    train(config, tmp_path)
    result = evaluate(config, tmp_path)
    assert result["step"] == 2
    assert len(result["metrics"]) >= len(config.evaluation.metrics)
    assert json.loads((tmp_path / "evaluation.json").read_text()) == result
    drawn = {p.stem for p in (tmp_path / "figures").iterdir()} - {"training_curves"}
    assert drawn == set(config.evaluation.figures)
    assert (tmp_path / "report.html").stat().st_size > 1000


@pytest.mark.parametrize("name", CONFIGS)
def test_the_header_gives_the_command(name):
    module = importlib.import_module(f"configs.{name}")
    assert f"python -m aae_jax.main --config=configs/{name}.py" in module.__doc__
    module.get_config()

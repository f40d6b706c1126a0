"""A source, optimiser, metric and figure from outside of the package, and mistakes in them."""

import dataclasses
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import data, figures, metrics
from aae_jax.errors import UserError
from aae_jax.evaluate import evaluate
from aae_jax.figures import Plot
from aae_jax.inference import load_trained
from aae_jax.metrics import Metric, Value
from aae_jax.optimizers import function, make_optimizer
from aae_jax.train import train
from tests.examples import own_parts
from tests.fakes import FakeModel, digits

HERE = "tests.examples.test_own_parts"


def test_they_work_as_the_package_s_own_do(tmp_path):
    config = own_parts.get_config()
    config.evaluation.periodic = (f"{own_parts.HERE}:LENGTH",)
    config.evaluation.every = 20
    train(config, tmp_path)
    result = evaluate(config, tmp_path)
    length = result["metrics"]["code_length"]["mean"]
    model = load_trained(config, tmp_path, 0)
    x = data.load(config.data).test.x()
    codes = model.encode(x)["z"]
    np.testing.assert_allclose(length, np.linalg.norm(codes, axis=1).mean(), rtol=1e-5)
    assert (tmp_path / "figures" / "LENGTHS.png").exists()
    assert result["figures"] == ["samples", f"{own_parts.HERE}:LENGTHS", "training_curves"]
    report = (tmp_path / "report.html").read_text()
    assert "Mean length of a code" in report
    assert "Lengths of the codes of test images." in report
    assert "code_length" in (tmp_path / "metrics.jsonl").read_text()


def test_an_optimiser_counts_epochs():
    config = function(f"{own_parts.HERE}:adamw", peak=0.1, epochs=2)
    optimizer = make_optimizer(config, steps_per_epoch=4)
    params = {"w": jnp.ones(3)}
    state, moved = optimizer.init(params), []
    for _ in range(9):
        update, state = optimizer.update({"w": jnp.ones(3)}, state, params)
        moved.append(float(-update["w"][0]))
    assert moved[0] == pytest.approx(0.1, rel=1e-2)
    assert moved[4] == pytest.approx(0.05, rel=2e-2)
    assert moved[8] == pytest.approx(0.0, abs=1e-6)
    jax.tree.map(np.testing.assert_array_equal, optimizer.init(params), optimizer.init(params))


def fails(*args, **fields):
    raise ValueError("no luck")


def gives_three(*args, **fields):
    return 3


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (f"{HERE}:absent", f"an optimizer's name is '{HERE}:absent': module {HERE} has no"),
        (f"{HERE}:fails", "fails with ValueError: no luck (test_own_parts.py, line"),
        (
            f"{HERE}:gives_three",
            "gives_three gives int: it must give an optimiser of optax",
        ),
    ],
)
def test_an_optimiser_that_is_none(name, message):
    with pytest.raises(UserError, match=re.escape(message)):
        make_optimizer(function(name), 4)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (f"{HERE}:absent", f"data.name is '{HERE}:absent': module {HERE} has no 'absent', w"),
        (f"{HERE}:fails", f"{HERE}:fails(config.data) fails with ValueError: no luck"),
        (
            f"{HERE}:gives_three",
            "gives_three(config.data) gives int: it must give a Source",
        ),
    ],
)
def test_a_source_that_is_none(name, message):
    config = own_parts.get_config()
    config.data.name = name
    with pytest.raises(UserError, match=re.escape(message)):
        data.load(config.data)


FAILING = dataclasses.replace(own_parts.LENGTH, fn=fails)
OTHER = dataclasses.replace(own_parts.LENGTH, values={"length": Value("Length", "")})
TAKEN = dataclasses.replace(own_parts.LENGTH, values={"nmi": Value("Length", "")})
DRAWS_NOTHING = Plot(gives_three)
DRAWS_FAILING = Plot(fails)


def test_a_metric_that_fails_or_is_of_other_names():
    model, dataset = FakeModel(digits()), digits()
    with pytest.raises(UserError, match=f"metric {HERE}:FAILING fails with ValueError: no luck"):
        metrics.find(f"{HERE}:FAILING").fn(model, dataset, 0)
    with pytest.raises(UserError, match="gives code_length, and its values name length: they must"):
        metrics.find(f"{HERE}:OTHER").fn(model, dataset, 0)
    with pytest.raises(UserError, match="gives nmi, as the package does: name it otherwise"):
        metrics.check((f"{HERE}:TAKEN",), model, dataset)
    with pytest.raises(UserError, match=re.escape("and must be an aae_jax.metrics.Metric")):
        metrics.check((f"{HERE}:fails",), model, dataset)
    absent = FakeModel(digits(), absent=("encode",))
    with pytest.raises(UserError, match=f"asks for '{own_parts.HERE}:LENGTH', but the method has"):
        metrics.check((f"{own_parts.HERE}:LENGTH",), absent, dataset)
    assert isinstance(metrics.find("clustering"), Metric)


def test_a_figure_that_fails_or_is_none():
    model, dataset = FakeModel(digits()), digits()
    with pytest.raises(UserError, match=f"figure {HERE}:DRAWS_NOTHING gives int: it must give an"):
        figures.find(f"{HERE}:DRAWS_NOTHING").fn(model, dataset, 0)
    with pytest.raises(UserError, match="DRAWS_FAILING fails with ValueError: no luck"):
        figures.find(f"{HERE}:DRAWS_FAILING").fn(model, dataset, 0)
    twice = (f"{own_parts.HERE}:LENGTHS", f"{own_parts.HERE}:LENGTHS")
    with pytest.raises(UserError, match="evaluation.figures draws LENGTHS twice: leave one out"):
        figures.check(twice, model, dataset)

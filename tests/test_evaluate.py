import json
import math
from dataclasses import replace
from unittest import mock

import pytest

from aae_jax import config as base_config
from aae_jax import figures, metrics
from aae_jax.errors import UserError
from aae_jax.evaluate import REPEAT, check, evaluate, run_metrics, summarise
from aae_jax.evaluated import is_current
from aae_jax.methods import amm
from aae_jax.metrics.needs import Needs
from tests import fakes
from tests.fakes import FakeModel, digits


@pytest.fixture(scope="module")
def data():
    return digits(test=150, held_out=60)


@pytest.fixture
def config():
    config = base_config.base()
    config.method = "amm"
    config.game = amm.options()
    config.trials = 2
    config.steps = 1200
    config.data.name = "fake"
    config.evaluation.metrics = ("clustering", "kmeans")
    config.evaluation.figures = ("samples", "cluster_matrix")
    return config


@pytest.fixture
def models(data):
    """Two trials of different quality, served in place of a checkpoint's."""
    models = [FakeModel(data, width=8), FakeModel(data, width=2)]
    with (
        mock.patch("aae_jax.inference.load_trials", autospec=True, return_value=models),
        mock.patch(
            "aae_jax.evaluate.read_info",
            autospec=True,
            return_value={"seconds": 330.0, "steps_per_epoch": 15},
        ),
    ):
        yield models


def test_writes_numbers_figures_and_report(tmp_path, config, models, data):
    log = [{"step": 100 * i, "time": 30.0 * i, "kind": "train", "mse": 1 / i} for i in range(1, 14)]
    (tmp_path / "metrics.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in log) + '{"step": 14'
    )
    result = evaluate(config, tmp_path, data)
    assert result == json.loads((tmp_path / "evaluation.json").read_text())
    assert result["step"] == 1200
    assert result["trials"] == 2
    assert {"checkpoint", "time", "hardware"} < set(result)
    assert "jax" in result["versions"]
    # Of the training, as far as its checkpoint says it.
    assert result["training"]["seconds"] == 330.0
    assert result["training"]["commit"] is None

    error = result["metrics"]["clustering_error_majority"]
    first, second = (
        m.fn(model, data, 0) for model in models for m in [metrics.METRICS["clustering"]]
    )
    assert error["trials"] == [
        first["clustering_error_majority"],
        second["clustering_error_majority"],
    ]
    assert error["mean"] == pytest.approx(sum(error["trials"]) / 2)
    # Of two numbers, the sample standard deviation is their distance over the root of two.
    assert error["std"] == pytest.approx(
        abs(error["trials"][0] - error["trials"][1]) / math.sqrt(2)
    )

    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == [
        "cluster_matrix.png",
        "samples.png",
        "training_curves.png",
    ]
    page = (tmp_path / "report.html").read_text()
    assert "5 min 30 s" in page
    assert "80.0 epochs" in page
    assert "Adversarially Learned Mixture Model" in page
    assert "36,146 parameters" in page
    assert not list(tmp_path.glob("*.tmp"))


def test_refuses_before_any_metric_runs(tmp_path, config, models, data):
    config.evaluation.figures = ("code_scatter",)
    with (
        mock.patch("aae_jax.evaluate.run_metrics") as run,
        pytest.raises(UserError, match="the code's shape is"),
    ):
        evaluate(config, tmp_path, data)
    run.assert_not_called()


def test_the_log_beyond_the_checkpoint_is_not_drawn(tmp_path, config, models, data):
    rows = [{"step": step, "kind": "train", "mse": 1} for step in (1200, 1300)]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with mock.patch("aae_jax.figures.training_curves", return_value=None) as curves:
        evaluate(config, tmp_path, data)
    curves.assert_called_once_with(rows[:1])


@pytest.mark.parametrize(
    ("periodic", "best", "message"),
    [
        (("clusterin",), "", "evaluation.periodic names 'clusterin'"),
        (("reconstruction",), "nmi", "'nmi', which evaluation.periodic does not give: choose one"),
        ((), "nmi", "does not give"),
    ],
)
def test_refuses_a_periodic_evaluation_that_cannot_be(config, data, periodic, best, message):
    config.evaluation.periodic = periodic
    config.checkpoint.best_metric = best
    with pytest.raises(UserError, match=message):
        check(config, FakeModel(data), data)


def test_accepts_the_best_checkpoint_by_a_periodic_number(config, data):
    config.evaluation.periodic = ("reconstruction", "clustering")
    config.checkpoint.best_metric = "nmi"
    check(config, FakeModel(data), data)


def test_a_diverged_model_still_gets_a_report_in_valid_json(tmp_path, config, models, data):
    for model in models:
        model._down = model._down * math.nan
    result = evaluate(config, tmp_path, data)
    strict = json.loads((tmp_path / "evaluation.json").read_text(), parse_constant=pytest.fail)
    assert strict == result
    assert strict["metrics"]["nmi"] == {"mean": None, "std": None, "trials": [None, None]}
    page = (tmp_path / "report.html").read_text()
    assert "cluster_matrix could not be drawn" in page
    assert "training has diverged" in page


def test_a_yardstick_runs_once_for_all_trials(data):
    fn = mock.Mock(return_value={"kmeans_error_majority": 0.25})
    other = mock.Mock(side_effect=[{"nmi": 0.5}, {"nmi": 0.75}])
    table = {
        "yardstick": metrics.Metric(fn, Needs(), {}, yardstick=True),
        "metric": metrics.Metric(other, Needs(), {}),
    }
    with mock.patch("aae_jax.metrics.METRICS", table):
        values = run_metrics(["a", "b"], data, ("yardstick", "metric"), seed=3)
    assert values == {"kmeans_error_majority": [0.25, 0.25], "nmi": [0.5, 0.75]}
    fn.assert_called_once_with("a", data, 3)
    assert other.call_args_list == [mock.call("a", data, 3), mock.call("b", data, 3)]


def test_one_trial_has_spread_zero():
    assert summarise({"nmi": [0.5]}) == {"nmi": {"mean": 0.5, "std": 0.0, "trials": [0.5]}}


def test_the_report_s_command_repeats_the_run(tmp_path, config):
    """Runs its Python part on the config.json of a run, with training and evaluation watched."""
    folder = tmp_path / "my runs" / "it's"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(config.to_json())
    command = REPEAT.format(folder=str(folder))
    code = command.partition("\n")[2].removesuffix("END")
    with (
        mock.patch("aae_jax.data.load", return_value="dataset"),
        mock.patch("aae_jax.train.train", autospec=True) as train,
        mock.patch("aae_jax.evaluate.evaluate", autospec=True) as again,
    ):
        exec(code, {})
    train.assert_called_once_with(config, folder / "repeated", "dataset")
    again.assert_called_once_with(config, folder / "repeated", "dataset")


def test_the_report_says_how_a_best_checkpoint_was_chosen(tmp_path, config, models, data):
    config.evaluation.metrics = config.evaluation.figures = ()
    evaluate(config, tmp_path, data)
    assert "flatters" not in (tmp_path / "report.html").read_text()
    config.evaluation.update({"checkpoint": "best", "every": 2, "periodic": ("clustering",)})
    config.checkpoint.update({"best_metric": "nmi", "best_mode": "max"})
    evaluate(config, tmp_path, data)
    page = (tmp_path / "report.html").read_text()
    assert "the one with the greatest nmi, on these same test examples" in page
    config.evaluation.periodic_split = "validation"
    evaluate(config, tmp_path, data)
    page = (tmp_path / "report.html").read_text()
    assert "the one with the greatest nmi, on validation examples" in page


def test_figures_of_an_earlier_evaluation_do_not_stay(tmp_path, config, models, data):
    own = "tests.examples.own_parts:LENGTHS"
    config.evaluation.figures = ("reconstructions", "samples_per_component", own)
    assert evaluate(config, tmp_path, data)["figures"] == list(config.evaluation.figures)
    assert (tmp_path / "figures" / "LENGTHS.png").exists()
    (tmp_path / "figures" / "mine.png").write_bytes(b"kept")
    config.evaluation.figures = ("reconstructions",)
    result = evaluate(config, tmp_path, data)
    assert result["figures"] == ["reconstructions"]
    assert result == json.loads((tmp_path / "evaluation.json").read_text())
    drawn = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert drawn == ["mine.png", "reconstructions.png"]


def test_an_evaluation_stopped_while_it_draws_counts_as_interrupted(tmp_path, config, models, data):
    with (
        mock.patch("aae_jax.evaluate.write_report", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        evaluate(config, tmp_path, data)
    result = json.loads((tmp_path / "evaluation.json").read_text())
    assert result["metrics"]  # they took long, and are safe
    steps = result["trained_steps"]
    assert not is_current(result, config, steps)
    assert is_current(evaluate(config, tmp_path, data), config, steps)


@pytest.mark.parametrize("name", ["interpolations", "tsne"])
def test_figures_of_several_test_images_are_refused_where_there_is_one(config, data, name):
    one = replace(data, test=fakes.split(data.test.data[:1], data.test.label[:1]))
    config.evaluation.figures = (name,)
    with pytest.raises(UserError, match=f"'{name}', but it takes 2 test examples, and there are 1"):
        check(config, FakeModel(one), one)


def test_the_seed_of_an_evaluation_is_its_own(tmp_path, config, models, data, monkeypatch):
    """Two trainings are judged on the same draws."""
    config.seed, config.evaluation.seed = 3, 8
    config.evaluation.metrics, config.evaluation.figures = ("reconstruction",), ("samples",)
    seeds = []

    def noting(fn):
        return lambda model, dataset, seed: seeds.append(seed) or fn(model, dataset, seed)

    metric, plot = metrics.METRICS["reconstruction"], figures.FIGURES["samples"]
    monkeypatch.setitem(metrics.METRICS, "reconstruction", replace(metric, fn=noting(metric.fn)))
    monkeypatch.setitem(figures.FIGURES, "samples", replace(plot, fn=noting(plot.fn)))
    evaluate(config, tmp_path, data)
    assert seeds == [8, 8, 8]  # two trials' metric, one figure

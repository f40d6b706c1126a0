"""Running a table: recorded, read, resumed, cut short, failing; on a few generated points."""

import signal
from dataclasses import replace

import pytest

from aae_jax.errors import TrainingInterrupted, UserError
from aae_jax.reproduction import records, runs
from aae_jax.reproduction.runs import Budget, Options, make_plan, parse_budget, run_table
from aae_jax.reproduction.tables import Number, Row, Table
from tests.configs import test_config
from tests.reproduction.helpers import record

PURITY = Number("component_purity", "50")
TABLE = Table(
    "tiny",
    "Fig. 1",
    "A ring",
    (
        Row("GAN", "gan_ring", (PURITY,)),
        Row("IAE", "iae_ring", (PURITY,), overrides={"seed": 7}),
    ),
    trials=2,
)


def config_of(name):
    config = test_config(name)
    config.log.tensorboard = False
    config.evaluation.update({"every": 0, "periodic": (), "figures": ()})
    if config.method in ("gan", "iae"):
        config.evaluation.metrics = ("component_modes",)  # the quickest
    return config


@pytest.fixture
def options(tmp_path):
    return Options(tmp_path / "runs", tmp_path / "results", load=config_of)


def outcomes(options, rows=TABLE.rows, **changes):
    """What the rows give, the records of earlier calls known."""
    options = Options(**{**vars(options), **changes})
    return run_table(TABLE, options, rows, records.read_all(options.results))


@pytest.fixture
def trainings(monkeypatch):
    """The configs that were trained."""
    seen = []
    original = runs.train

    def train(config, *arguments, **named):
        seen.append(config)
        return original(config, *arguments, **named)

    monkeypatch.setattr(runs, "train", train)
    return seen


def test_a_table_is_run_once_and_read_then(options, trainings):
    first = outcomes(options, note="why")
    assert [o.failure for o in first] == ["", ""]
    assert [(o.record.step, o.record.trials, o.record.note) for o in first] == [(2, 2, "why")] * 2
    assert [o.record.seeds for o in first] == [[0, 1], [7, 8]]
    assert records.read_all(options.results) == sorted(
        (o.record for o in first), key=lambda r: r.file_name
    )
    assert len(trainings) == 2
    again = outcomes(options)
    assert len(trainings) == 2
    assert [o.record for o in again] == [o.record for o in first]


def test_a_shorter_run_goes_on(options, trainings):
    rows = TABLE.rows[:1]
    (short,) = outcomes(options, rows, budget=Budget(steps=1))
    assert (short.record.step, short.record.full_steps) == (1, 2)
    (long,) = outcomes(options, rows)
    assert (long.record.step, long.record.full_steps) == (2, 2)
    assert records.best(rows[0], records.read_all(options.results)) == long.record
    assert len(list(options.folder.iterdir())) == 1  # in the same workdir
    (enough,) = outcomes(options, rows, budget=Budget(steps=1))
    assert (len(trainings), enough.record.step) == (2, 2)


def test_time_that_is_over_ends_a_run_which_goes_on_in_the_next_call(options):
    rows = TABLE.rows[:1]
    budget = Budget(seconds=0.0)  # over after the first step
    assert [outcomes(options, rows, budget=budget)[0].record.step for _ in range(2)] == [1, 2]


def test_a_signal_stops_the_table_and_the_same_command_goes_on(options, monkeypatch):
    original = runs.train

    def stopped(config, folder, **named):
        original(config, folder, seconds=0.0)
        raise TrainingInterrupted("stopped", signal.SIGTERM)

    monkeypatch.setattr(runs, "train", stopped)
    with pytest.raises(TrainingInterrupted):
        outcomes(options)
    assert records.read_all(options.results) == []
    monkeypatch.setattr(runs, "train", original)
    assert [o.record.step for o in outcomes(options)] == [2, 2]


def test_a_row_that_fails_leaves_the_others(options):
    absent = Row("absent", "gan_ring", (PURITY,), first={"evaluation.classifier": "iae_ring"})
    bad, good = outcomes(options, (absent, TABLE.rows[0]))
    assert bad.record is None
    assert "evaluation.classifier" in bad.failure
    assert good.record.step == 2
    assert len(bad.failure.splitlines()) == 1


def test_divergence_is_a_failure_of_its_row(options):
    row = TABLE.rows[0]
    (bad,) = outcomes(options, (row,), overrides={"optimizer.learning_rate": 1e30})
    assert "is not finite" in bad.failure


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 7 bytes")]
)
def test_too_little_memory_is_a_failure_of_its_row(options, monkeypatch, error):
    original = runs.train

    def train(config, *arguments, **named):
        if config.method == "gan":
            raise error
        return original(config, *arguments, **named)

    monkeypatch.setattr(runs, "train", train)
    gan, iae = outcomes(options)
    assert gan.failure.startswith("out of memory: lower batch_size")
    assert iae.failure == ""
    assert iae.record is not None


def test_overrides_make_a_run_of_their_own(options):
    row = TABLE.rows[0]
    (plain,) = outcomes(options, (row,))
    (changed,) = outcomes(options, (row,), overrides={"optimizer.learning_rate": 1e-5}, trials=1)
    assert changed.record.overrides["optimizer.learning_rate"] == 1e-5
    assert changed.record.trials == 1
    assert len(list(options.folder.iterdir())) == 2
    known = records.read_all(options.results)
    assert len(known) == 2
    assert records.best(row, known) == plain.record


def test_a_seed_makes_a_run_of_its_own(options, trainings):
    row, seeded = TABLE.rows
    (plain,) = outcomes(options, (row,))
    (other,) = outcomes(options, (row,), overrides={"seed": 1})
    assert (other.failure, other.record.seeds) == ("", [1, 2])
    assert {path.name for path in options.folder.iterdir()} == {
        "gan_ring-2_trials",
        "gan_ring-2_trials-seed1",
    }
    # Each is read then, though the other is as long.
    assert outcomes(options, (row,))[0].record == plain.record
    assert outcomes(options, (row,), overrides={"seed": 1})[0].record == other.record
    assert len(trainings) == 2

    def folder(row, **overrides):
        given = Options(**{**vars(options), "overrides": overrides})
        return make_plan(TABLE, row, given).folder.name

    # A row's own seed is in its name already.
    assert folder(row, seed=0) == folder(row)
    assert folder(seeded, seed=7) == folder(seeded)
    assert folder(seeded, seed=0) == f"{folder(seeded)}-seed0"


def test_what_has_been_evaluated_is_not_evaluated_again(options, monkeypatch):
    """Not even where the best checkpoint is an earlier one; but another one, when it is asked."""
    seen = []
    original = runs.evaluate

    def counted(config, folder):
        seen.append(config.evaluation.checkpoint)
        return original(config, folder)

    monkeypatch.setattr(runs, "evaluate", counted)
    monkeypatch.setattr(
        "aae_jax.train.run_metrics", lambda models, *_: {"component_modes": [models[0].step]}
    )
    best = {
        "evaluation.checkpoint": "best",
        "evaluation.every": 1,
        "evaluation.periodic": ("component_modes",),
        "checkpoint.best_metric": "component_modes",
    }
    rows = TABLE.rows[:1]
    for _ in range(2):
        (made,) = outcomes(options, rows, overrides=best)
        assert (made.failure, made.record.step) == ("", 1)
    assert seen == ["best"]
    (made,) = outcomes(options, rows)
    assert (made.failure, made.record.step) == ("", 2)
    assert seen == ["best", "latest"]


def test_a_judge_is_trained_first_and_in_full(options, monkeypatch):
    """The classifier of the row's data; the row itself is cut short."""
    calls = []
    monkeypatch.setattr(runs, "train", lambda c, folder, **named: calls.append((c, folder, named)))
    monkeypatch.setattr(runs, "evaluate", lambda config, folder: None)
    monkeypatch.setattr(records, "from_workdir", lambda folder, name, *_: record(name))
    row = Row(
        "AIM",
        "aim_mnist",
        (Number("inception_score", "9.483"),),
        first={"evaluation.classifier": "classifier_mnist"},
    )
    # data.size makes another run of the judge, and the row must look for just that one.
    overrides = {"data.dir": "here", "data.size": 24}
    outcomes(options, (row,), budget=Budget(steps=1, seconds=3.0), overrides=overrides)
    (judge, judge_folder, unlimited), (config, _, limited) = calls
    assert judge.method == "classifier"
    assert (judge.steps, judge.trials, judge.data.dir) == (2, 1, "here")
    assert (unlimited, limited) == ({"seconds": None}, {"seconds": 3.0})
    assert config.evaluation.classifier == str(judge_folder)
    assert {r.config for r in records.read_all(options.results)} == {
        "aim_mnist",
        "classifier_mnist",
    }
    assert "inception_score" in config.evaluation.metrics
    assert (config.steps, config.trials) == (1, 2)


def test_a_number_that_needs_a_judge_is_left_out_without_one(options):
    row = Row("AIM", "aim_cifar10", (Number("inception_score", "6.450", "weights"),))
    assert "inception_score" not in make_plan(TABLE, row, options).config.evaluation.metrics
    given = Options(**{**vars(options), "overrides": {"evaluation.inception": "weights.npz"}})
    assert "inception_score" in make_plan(TABLE, row, given).config.evaluation.metrics


def test_metrics_that_the_user_names_are_all_that_is_measured(options):
    row = Row("AAE", "aae_mnist_likelihood", (Number("parzen_10m_log_likelihood"),))
    assert "parzen_10m" in make_plan(TABLE, row, options).config.evaluation.metrics
    given = Options(**{**vars(options), "overrides": {"evaluation.metrics": ("parzen",)}})
    assert tuple(make_plan(TABLE, row, given).config.evaluation.metrics) == ("parzen",)
    wrong = Options(**{**vars(options), "overrides": {"evaluation.metrics": ("nonsense",)}})
    with pytest.raises(UserError, match="evaluation.metrics names 'nonsense', which does not"):
        make_plan(TABLE, row, wrong)


def test_a_row_may_have_a_length_of_its_own(options):
    row = Row("GAN", "gan_ring", (PURITY,), steps=1)
    assert make_plan(TABLE, row, options).config.steps == 1
    (made,) = outcomes(options, (row,))
    assert (made.failure, made.record.step, made.record.full_steps) == ("", 1, 2)
    (again,) = outcomes(options, (row,))
    assert again.record == made.record


def test_a_plan_says_what_it_would_do(options):
    row = TABLE.rows[0]
    plan = make_plan(TABLE, row, options)
    assert runs.describe(plan, Budget(), []) == (
        f"GAN: train 2 steps, trials 2, data gaussian_ring, config "
        f"configs/gan_ring.py, workdir {options.folder}/gan_ring-2_trials"
    )
    timed = runs.describe(plan, Budget(seconds=60.0), [])
    assert timed.startswith("GAN: train 2 steps or 1 min 00 s of them, trials 2")
    assert not options.folder.exists()
    outcomes(options, (row,), budget=Budget(steps=1))
    assert runs.describe(plan, Budget(), []).startswith("GAN: go on at step 1 of 2 steps")
    shorter = make_plan(TABLE, row, Options(**{**vars(options), "budget": Budget(steps=1)}))
    known = records.read_all(options.results)
    assert runs.describe(shorter, Budget(), known) == ("GAN: read from gan_ring-1x2.json")
    assert "evaluate and record 1 steps (reduced from 2)" in runs.describe(shorter, Budget(), [])


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("5000steps", Budget(steps=5000)),
        ("5000 steps", Budget(steps=5000)),
        ("30min", Budget(seconds=1800)),
        ("1.5 h", Budget(seconds=5400)),
    ],
)
def test_budgets(text, budget):
    assert parse_budget(text) == budget


@pytest.mark.parametrize("text", ["", "5000", "0steps", "1.5steps", "-1h", "0min", "5 days"])
def test_what_is_no_budget(text):
    with pytest.raises(UserError, match="give steps or time"):
        parse_budget(text)


def test_overrides_are_literals_or_text():
    read = runs.parse_overrides(["a.b=1e-3", "c=('x',)", "data.dir=/d=1", "e=True"])
    assert read == {"a.b": 1e-3, "c": ("x",), "data.dir": "/d=1", "e": True}
    for text in ("a", "=1"):
        with pytest.raises(UserError, match="give a config's field and value"):
            runs.parse_overrides([text])


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            {"optimizer.learning_rat": 1.0},
            "no field optimizer.learning_rat: did you mean optimizer.lea",
        ),
        ({"batch_size": "many"}, "batch_size cannot be 'many': it must be of type int"),
        ({"steps": -1}, "steps is -1"),
        ({"optimizer": 3}, "optimizer cannot be 3: it must be of type ConfigDict"),
    ],
)
def test_an_override_that_does_not_fit_is_refused_before_any_run(options, overrides, message):
    with pytest.raises(UserError, match=message):
        outcomes(options, overrides=overrides)
    assert not options.folder.exists()


def test_a_record_of_less_is_not_sufficient(options):
    row = replace(TABLE.rows[0], figures=("sample_scatter",))
    (outcome,) = outcomes(options, (row,))
    known = replace(outcome.record, figures=["sample_scatter", "training_curves"])
    plan = make_plan(TABLE, row, options)
    assert runs.sufficient(plan, [known]) == known
    for less in (
        {"trials": known.trials - 1},
        {"step": known.step - 1},
        {"metrics": {}},
        {"figures": []},
        {"fields": {**known.fields, "optimizer.learning_rate": 7.0}},
    ):
        assert runs.sufficient(plan, [replace(known, **less)]) is None, less

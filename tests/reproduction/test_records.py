"""Records: what they take from a workdir, and that files come back as they were written."""

import dataclasses
import json

import pytest

from aae_jax.errors import UserError
from aae_jax.evaluate import evaluate
from aae_jax.reproduction import records, runs
from aae_jax.reproduction.tables import Number, Row, Table
from aae_jax.train import train
from tests.configs import test_config
from tests.reproduction.helpers import record


def config_of(name):
    config = test_config(name)
    config.log.tensorboard = False
    return config


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """An evaluated run of two trials on points, of a seed and a length of its own."""
    folder = tmp_path_factory.mktemp("run")
    config = config_of("gan_ring")
    config.update({"trials": 2, "seed": 5, "steps": 4})
    train(config, folder)
    evaluate(config, folder)
    return folder


def test_a_run_is_recorded_whole(done):
    file = config_of("gan_ring")
    kept = records.from_workdir(done, "gan_ring", file, "a note")
    evaluation = json.loads((done / "evaluation.json").read_text())
    assert kept.overrides == {"seed": 5, "steps": 4, "trials": 2}
    assert (kept.step, kept.full_steps, kept.trials, kept.seeds) == (4, 2, 2, [5, 6])
    assert kept.metrics == evaluation["metrics"]
    assert len(kept.metrics["component_purity"]["trials"]) == 2
    assert kept.figures == ["sample_scatter", "training_curves"]
    assert kept.seconds > 0
    assert kept.training["hardware"] == kept.evaluation["hardware"] == evaluation["hardware"]
    assert kept.training["versions"]["jax"]
    assert kept.note == "a note"
    assert kept.fields["data.name"] == "gaussian_ring"
    steps = [point[0] for point in kept.curve["component_purity"]]
    assert steps == [2, 4]
    assert kept.file_name == "gan_ring-4x2-seed5.json"


def test_a_result_keeps_the_time_of_its_own_checkpoint(done, tmp_path):
    """Training has gone on since its evaluation: the newest checkpoint has taken longer."""
    for name in ("config.json", "metrics.jsonl"):
        (tmp_path / name).write_bytes((done / name).read_bytes())
    (tmp_path / "checkpoints").symlink_to(done / "checkpoints")
    evaluation = json.loads((done / "evaluation.json").read_text())
    evaluation["training"]["seconds"] = 0.125
    (tmp_path / "evaluation.json").write_text(json.dumps(evaluation))
    kept = records.from_workdir(tmp_path, "gan_ring", config_of("gan_ring"))
    assert kept.seconds == 0.125
    assert kept.steps_per_epoch == evaluation["training"]["steps_per_epoch"]


def test_what_an_older_run_does_not_say_is_none(done, tmp_path):
    for name in ("config.json", "metrics.jsonl"):
        (tmp_path / name).write_bytes((done / name).read_bytes())
    (tmp_path / "checkpoints").symlink_to(done / "checkpoints")
    evaluation = json.loads((done / "evaluation.json").read_text())
    del evaluation["training"], evaluation["commit"], evaluation["asked"], evaluation["figures"]
    (tmp_path / "evaluation.json").write_text(json.dumps(evaluation))
    kept = records.from_workdir(tmp_path, "gan_ring", config_of("gan_ring"))
    assert kept.training == {"commit": None, "versions": None, "hardware": None}
    assert kept.evaluation["commit"] is None
    assert kept.evaluation["hardware"]
    assert kept.figures == []


def test_an_interrupted_evaluation_is_not_recorded(done, tmp_path):
    for name in ("config.json", "metrics.jsonl"):
        (tmp_path / name).write_bytes((done / name).read_bytes())
    (tmp_path / "checkpoints").symlink_to(done / "checkpoints")
    evaluation = json.loads((done / "evaluation.json").read_text())
    del evaluation["figures"]
    (tmp_path / "evaluation.json").write_text(json.dumps(evaluation))
    with pytest.raises(UserError, match="was interrupted: run --mode=evaluate there"):
        records.from_workdir(tmp_path, "gan_ring", config_of("gan_ring"))


def test_a_folder_without_a_result_is_refused(done, tmp_path):
    file = config_of("gan_ring")
    with pytest.raises(UserError, match="is no workdir of a run"):
        records.from_workdir(tmp_path, "gan_ring", file)
    (tmp_path / "config.json").write_bytes((done / "config.json").read_bytes())
    with pytest.raises(UserError, match=r"holds no evaluation\.json"):
        records.from_workdir(tmp_path, "gan_ring", file)
    (tmp_path / "evaluation.json").write_text('{"step": 4}')
    with pytest.raises(UserError, match=r"evaluation\.json: it is damaged"):
        records.from_workdir(tmp_path, "gan_ring", file)


def test_the_config_of_a_run_is_found(done):
    names = ["iae_ring", "gan_ring", "gan_grid"]
    assert runs.name_config(done, config_of, names) == "gan_ring"
    with pytest.raises(UserError, match=r"it fits none of configs/"):
        runs.name_config(done, config_of, ["aim_grid"])
    with pytest.raises(UserError, match="it may be of a, b"):
        runs.name_config(done, lambda name: config_of("gan_ring"), ["a", "b"])


def test_files_come_back_as_they_were(tmp_path):
    kept = record(values={"modes_captured": [25.0, None]}, overrides={"game.weight": 0.3})
    path = records.write(kept, tmp_path / "results")
    assert records.read_all(tmp_path / "results") == [kept]
    again = dataclasses.replace(kept, time="2027-01-01T00:00:00+0000")
    assert records.write(again, tmp_path / "results") == path  # the same run again
    plain = records.write(record(), tmp_path / "results")
    assert plain.name == "aim_grid-100x10.json" != path.name
    assert records.read_all(tmp_path / "nothing") == []


@pytest.mark.parametrize("damage", ["", "[]", '{"format": 1}', '{"format": 2}'])
def test_a_damaged_file_is_one_line(tmp_path, damage):
    (tmp_path / "x.json").write_text(damage)
    with pytest.raises(UserError, match=r"x\.json (is no record|has format 2)"):
        records.read_all(tmp_path)


def test_the_longest_run_speaks_for_a_row():
    row = Row("", "aim_grid")
    short = record(step=50)
    few = record(trials=2, seeds=[0, 1])
    full = record()
    later = record(time="2027-01-01T00:00:00+0000")
    other = record(step=900, overrides={"game.weight": 0.3})
    foreign = record("gan_grid", step=900)
    known = [later, short, few, full, other, foreign]
    assert records.best(row, known) is later
    assert records.best(Row("", "aim_grid", overrides={"game.weight": 0.3}), known) is other
    assert records.best(Row("", "amm_mnist"), known) is None


def test_all_runs_of_a_row_are_shown_the_longest_first():
    row = Row("", "aim_grid", (Number("modes_captured"),))
    values = {"modes_captured": [25.0]}
    long = record(values=values, step=90, trials=1, seeds=[0])
    more = record(values=values, step=80, trials=5, seeds=list(range(5)))
    fewer = record(values=values, step=80, trials=3, seeds=[0, 1, 2])
    drawn = record(step=40, trials=1, seeds=[0], figures=["samples", "code_scatter"])
    another = record(values=values, overrides={"game.weight": 0.3})
    known = [drawn, another, fewer, more, long]
    table = Table("t", "Table 1", "", (row,))
    assert records.of_row(table, row, known) == [long, more, fewer, drawn]
    assert records.of_row(table, row, []) == []


def test_a_seed_that_has_a_row_of_its_own_is_in_no_other():
    row, of_seed = Row("", "aim_grid"), Row("", "aim_grid", overrides={"seed": 100})
    first, other, another = (record(seeds=[seed], trials=1) for seed in (0, 7, 100))
    known = [first, other, another]
    assert records.of_row(Table("t", "Table 1", "", (row,)), row, known) == known
    both = Table("t", "Table 1", "", (row, of_seed))
    assert records.of_row(both, row, known) == [first, other]
    assert records.of_row(both, of_seed, known) == [another]


def test_a_row_of_a_seed_takes_no_other():
    row = Row("", "aim_grid", overrides={"seed": 100})
    seeds = record(seeds=[100, 101], overrides={"seed": 100})
    assert records.best(row, [record(), seeds]) is seeds
    assert records.best(row, [record()]) is None


def test_a_config_that_has_changed_since_is_noticed():
    file = config_of("gan_ring")
    fields = records.flat(file)
    del fields["game.local_code"]  # of an earlier version
    kept = record("gan_ring", fields=fields, full_steps=2)
    assert records.changed_since(kept, file) == []
    file.update({"steps": 3, "seed": 4})
    file.optimizer.learning_rate = 0.5
    assert records.changed_since(kept, file) == ["optimizer.learning_rate", "steps"]
    own = {"optimizer.learning_rate": fields["optimizer.learning_rate"]}
    kept = record("gan_ring", fields=fields, full_steps=3, overrides=own)
    assert records.changed_since(kept, file) == []


def test_paths_of_this_machine_stay_here(tmp_path):
    config = config_of("gan_ring")
    config.data.dir = str(tmp_path / "secret" / "tfds")
    config.evaluation.classifier = "runs/judge"
    flat = records.flat(config)
    assert (flat["data.dir"], flat["evaluation.classifier"]) == ("tfds", "judge")
    assert flat["data.train_split"] == config.data.train_split


def test_a_long_curve_is_thinned_and_keeps_its_end(tmp_path):
    rows = [
        {"step": step, "time": 0.0, "kind": "evaluate", "nmi": [0.5, step / 1000], "ari": [None]}
        for step in range(10, 1001, 10)
    ]
    train_row = {"step": 5, "time": 0.0, "kind": "train", "nmi": 9.0}
    text = "".join(json.dumps(row) + "\n" for row in [train_row, *rows])
    (tmp_path / "metrics.jsonl").write_text(text)
    curve = records._curve(tmp_path, last=900)
    assert 12 <= len(curve["nmi"]) <= 24
    assert curve["nmi"][-1] == [900, pytest.approx((0.5 + 0.9) / 2)]
    assert curve["ari"][-1] == [900, None]

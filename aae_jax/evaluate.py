"""evaluate(config, workdir): the numbers, figures and report of a checkpoint."""

import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from absl import logging
from ml_collections import ConfigDict

from aae_jax import data, evaluated, figures, inference, metrics, provenance, scorer, sentences
from aae_jax import facts as facts_lib
from aae_jax.checkpoint import latest_step, read_info
from aae_jax.errors import UserError
from aae_jax.methods import get_method
from aae_jax.metric_writer import read_log
from aae_jax.metrics.needs import Model
from aae_jax.progress import duration
from aae_jax.report import Picture, Report, mean_std, result_text, write_report
from aae_jax.workdir import write_json

# What a checkpoint says of the training that made it.
_TRAINING = ("seconds", "steps_per_epoch", "commit", "versions", "hardware")

_LONG = 2.0  # seconds after which a metric says that it is done

# Overrides given on the command line are in config.json too, which a config file's name would miss.
REPEAT = """python - <<'END'
from pathlib import Path
from aae_jax import data, evaluate, train, workdir

folder = Path({folder!r})
config = workdir.read_config(folder)
dataset = data.load(config.data)
train.train(config, folder / "repeated", dataset)
evaluate.evaluate(config, folder / "repeated", dataset)
END"""


def check(config: ConfigDict, model: Model, dataset: Any) -> None:
    """Refuses metrics and figures that cannot be given, before any long work.

    Args:
        config: the experiment's config.
        model: a model of its method, which may be untrained.
        dataset: the loaded data.

    Raises:
        UserError: naming the first field and entry that cannot be given.
    """
    metrics.check(config.evaluation.metrics, model, dataset)
    periodic = config.evaluation.periodic
    metrics.check(periodic, model, of_periodic(config, dataset), "evaluation.periodic")
    given = [value for name in periodic for value in metrics.find(name).values]
    best = config.checkpoint.best_metric
    if best and best not in given:
        raise UserError(
            f"checkpoint.best_metric is {best!r}, which evaluation.periodic does not give: choose "
            f"one of {', '.join(given) or 'its numbers, once it names a metric'}"
        )
    figures.check(config.evaluation.figures, model, dataset)


def of_periodic(config: ConfigDict, dataset: Any) -> Any:
    """The data of periodic evaluations, whose `test` are the examples that they are of.

    Raises:
        UserError: they are to be of validation examples, and there are none.
    """
    if config.evaluation.periodic_split == "test":
        return dataset
    if dataset.validation is None:
        raise UserError(
            "evaluation.periodic_split is 'validation' and no data is held out: set "
            "data.validation_size or data.validation_split"
        )
    return replace(dataset, test=dataset.validation, validation=None)


def run_metrics(
    models: Sequence[Model], dataset: Any, names: Sequence[str], seed: int
) -> dict[str, list[float]]:
    """Computes metrics of every trial's model.

    Args:
        models: one for each trial.
        dataset: the loaded data.
        names: entries of `evaluation.metrics`.
        seed: of the metrics' random choices, the same for all trials.

    Returns:
        Value name -> one number for each trial.
    """
    values: dict[str, list[float]] = {}
    for name in names:
        metric = metrics.find(name)
        # A yardstick does not depend on the model: one run serves all trials.
        runs = models[:1] if metric.yardstick else models
        results = []
        for trial, model in enumerate(runs):
            start = time.monotonic()
            results.append(metric.fn(model, dataset, seed))
            if (seconds := time.monotonic() - start) > _LONG:
                logging.info("Metric %s, %d of %d: %.1f s", name, trial + 1, len(runs), seconds)
        for value in results[0]:
            trials = [result[value] for result in results]
            values[value] = trials * (len(models) // len(runs))
    return values


def summarise(values: Mapping[str, Sequence[float]]) -> dict[str, dict[str, Any]]:
    """Mean, sample standard deviation and trials of each value; null where not finite."""
    summary = {}
    for name, trials in values.items():
        mean, std = mean_std(trials)
        summary[name] = {
            "mean": _finite(mean),
            "std": _finite(std),
            "trials": [_finite(value) for value in trials],
        }
    return summary


def evaluate(
    config: ConfigDict,
    workdir: str | os.PathLike,
    dataset: Any | None = None,
) -> dict[str, Any]:
    """Evaluates a checkpoint: writes evaluation.json, figures/*.png and report.html.

    The checkpoint is the one that `config.evaluation.checkpoint` names. Metrics are computed for
    all trials, figures for trial 0.

    Args:
        config: the experiment's config.
        workdir: the run's folder.
        dataset: the loaded data; None loads it as `config.data` says.

    Returns:
        What evaluation.json holds: step, checkpoint, trained_steps (the latest checkpoint's step,
        where `checkpoint` is an earlier one), asked (the fields of `config.evaluation` that it
        follows), trials (their number), metrics (value name -> mean, std, trials), judges (value
        name -> the independent network that gives it, in words, for values that one gives), time
        (ISO 8601, when it was made), commit, versions and hardware of the evaluation, training
        (seconds, steps_per_epoch, commit, versions and hardware of the training's last process;
        what an older checkpoint does not say is None), and figures (the names of those drawn,
        absent while they are being drawn).

    Raises:
        UserError: no such checkpoint or classifier, data that the run was not trained on, or
            metrics or figures that cannot be given.
    """
    workdir = Path(workdir)
    dataset = data.load(config.data) if dataset is None else dataset
    dataset = sentences.attach(config, scorer.attach(config, dataset))
    # First: of a training that goes on meanwhile, it must not claim a step that it has not seen.
    trained_steps = latest_step(workdir)
    models = inference.load_trials(config, workdir)
    info = read_info(workdir, config.evaluation.checkpoint)
    facts_lib.check(workdir, info, facts_lib.of(config, dataset))
    check(config, models[0], dataset)
    values = run_metrics(models, dataset, config.evaluation.metrics, config.evaluation.seed)
    result = {
        "step": models[0].step,
        "checkpoint": f"checkpoints/{config.evaluation.checkpoint}/{models[0].step}",
        "trained_steps": trained_steps,
        "asked": evaluated.asked(config),
        "trials": len(models),
        "metrics": summarise(values),
        "judges": metrics.judges(config.evaluation.metrics, dataset),
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        **provenance.here(),
        "training": {name: info.get(name) for name in _TRAINING},
    }
    # Before the figures: numbers that took long are safe whatever happens to a picture. Without
    # their names the evaluation counts as interrupted.
    earlier = _figures_before(workdir)
    write_json(workdir / evaluated.FILE, result)
    rows = [row for row in read_log(workdir) if row["step"] <= models[0].step]
    pictures, notes = _draw(config, workdir, models[0], dataset, rows, earlier)
    path = write_report(
        workdir, _report(config, workdir, models, dataset, values, info, result, pictures, notes)
    )
    for name, meaning in metrics.meanings(config.evaluation.metrics).items():
        logging.info("Result: %s %s", name, result_text(values[name], meaning))
    logging.info("Wrote %s", path)
    result["figures"] = [picture.name for picture in pictures]
    write_json(workdir / evaluated.FILE, result)
    return result


def _figures_before(workdir: Path) -> list[str]:
    """The figures that an earlier evaluation was asked for, those of one's own among them."""
    try:
        earlier = evaluated.read(workdir)
    except UserError:  # damaged, and about to be written anew
        return []
    return list((earlier or {}).get("asked", {}).get("figures", ()))


def _draw(
    config: ConfigDict,
    workdir: Path,
    model: Model,
    dataset: Any,
    rows: Sequence[dict],
    earlier: Sequence[str],
) -> tuple[list[Picture], list[str]]:
    """Draws and saves the figures; says which ones the model's state forbids."""
    folder = workdir / "figures"
    folder.mkdir(exist_ok=True)
    # Of an earlier evaluation none stays that is not of this one.
    for name in (*figures.FIGURES, *earlier, "training_curves"):
        (folder / f"{figures.file_name(name)}.png").unlink(missing_ok=True)
    pictures, notes = [], []

    def save(name: str, figure: figures.Figure) -> None:
        path = folder / f"{figures.file_name(name)}.png"
        figure.save(path)
        pictures.append(Picture(name, path, figure.caption))

    for name in config.evaluation.figures:
        start = time.monotonic()
        try:
            save(name, figures.find(name).fn(model, dataset, config.evaluation.seed))
        except UserError as error:
            notes.append(f"The figure {name} could not be drawn: {error}.")
            logging.error(notes[-1])
            continue
        logging.info("Figure %s: %.1f s", name, time.monotonic() - start)
    if curves := figures.training_curves(rows):
        save("training_curves", curves)
    return pictures, notes


def _report(
    config: ConfigDict,
    folder: Path,
    models: Sequence[Any],
    dataset: Any,
    values: Mapping[str, Sequence[float]],
    info: Mapping[str, Any],
    result: Mapping[str, Any],
    pictures: Sequence[Picture],
    notes: Sequence[str],
) -> Report:
    method, paper = get_method(config.method).named(config)
    step, trials = result["step"], result["trials"]
    epochs = step / info["steps_per_epoch"]
    of = f" of the config's {config.steps:,}" if step < config.steps else ""
    versions = (f"{name} {version}" for name, version in result["versions"].items())
    unknown = "not recorded"
    facts = {
        "Training": f"{step:,}{of} steps of {config.batch_size} examples, {epochs:,.1f} epochs",
        "Trials": f"1, seed {config.seed}"
        if trials == 1
        else f"{trials}, seeds {config.seed} to {config.seed + trials - 1}",
        **_choice(config),
        "Training time": f"{duration(info['seconds'])}, all trials together, evaluations included",
        "Hardware": f"training {info.get('hardware') or unknown}; "
        f"this evaluation {result['hardware']}",
        "Commit": f"training {info.get('commit') or unknown}; "
        f"this evaluation {result['commit'] or unknown}",
        "Versions of this evaluation": ", ".join(versions),
        "Evaluated": result["time"],
        "Folder of the run": str(folder),
    }
    for judge in {dataset.scorer: None, dataset.extractor: None}:  # in order, each once
        if judge:
            size, (lo, hi) = "x".join(map(str, judge.input_shape)), judge.input_range
            facts[f"Images judged, as {size} in [{lo:g}, {hi:g}], by"] = judge.origin
    if dataset.embedder:
        facts["Captions read by"] = dataset.embedder.origin
    return Report(
        title=f"{method} on {dataset.name}",
        method=method,
        paper=paper,
        dataset=dataset.name,
        note=dataset.note,
        parameters=models[0].parameter_counts,
        trials=trials,
        facts=facts,
        values=values,
        meanings=metrics.meanings(config.evaluation.metrics),
        judges=result["judges"],
        pictures=pictures,
        notes=notes,
        config=config.to_json_best_effort(indent=2),
        command=REPEAT.format(folder=str(folder)),
    )


def _choice(config: ConfigDict) -> dict[str, str]:
    """How the checkpoint was chosen, where it is not the last."""
    if config.evaluation.checkpoint != "best":
        return {}
    extreme = {"min": "least", "max": "greatest"}[config.checkpoint.best_mode]
    on = (
        "on validation examples"
        if config.evaluation.periodic_split == "validation"
        else "on these same test examples, which flatters the numbers"
    )
    return {
        "Checkpoint": f"of the periodic evaluations the one with the {extreme} "
        f"{config.checkpoint.best_metric}, {on}"
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None

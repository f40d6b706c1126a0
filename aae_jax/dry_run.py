"""What a training run would do, told without doing it."""

import json
from pathlib import Path
from typing import Any

import jax
from ml_collections import ConfigDict

from aae_jax import data, provenance, workdir
from aae_jax.methods import get_method
from aae_jax.plan import Plan, plan


def describe(config: ConfigDict, folder: str | Path, dataset: data.Dataset | None = None) -> str:
    """Makes all the checks of `train`, and describes the run that would follow.

    Nothing is compiled, and nothing is written to the workdir.

    Args:
        config: an experiment's config.
        folder: the workdir.
        dataset: the loaded data; None loads it as `config.data` says.

    Returns:
        Lines of text.

    Raises:
        UserError: what `train` would raise before its first step.
    """
    folder = Path(folder)
    run = plan(config, folder, dataset)
    sections = {
        # First, as it is long: what follows stays on the screen.
        "config": _config(config),
        "data": _data(run.dataset),
        "devices": [f"{provenance.hardware()}, {jax.process_count()} process(es)"],
        "workdir": _workdir(config, folder, run),
        "steps": _steps(config, run),
        "would compile": _compiled(config, run),
        "would write": _written(config, folder),
    }
    lines = []
    for title, content in sections.items():
        lines += [f"{title}:", *(f"  {line}" for line in content)]
    return "\n".join([*lines, "dry run: every check passed, nothing was compiled or written"])


def _config(config: ConfigDict) -> list[str]:
    fields = workdir.flatten(json.loads(config.to_json()))
    return [f"{name} = {json.dumps(value)}" for name, value in sorted(fields.items())]


def _data(dataset: data.Dataset) -> list[str]:
    sizes = [f"{len(split):,} {name}" for name, split in dataset.splits.items()]
    shape = "x".join(map(str, dataset.example_shape))
    classes = f", {dataset.num_classes} classes" if dataset.num_classes else ", no labels"
    return [f"{dataset.name}: {', '.join(sizes)} examples of {shape}{classes}", dataset.note]


def _workdir(config: ConfigDict, folder: Path, run: Plan) -> list[str]:
    if run.state is None:
        return [f"{folder}: {'begins anew' if folder.exists() else 'would be made'}"]
    if run.start == config.steps:
        return [f"{folder}: holds all {run.start:,} steps; only the evaluation would be made"]
    return [f"{folder}: goes on from step {run.start:,}"]


def _steps(config: ConfigDict, run: Plan) -> list[str]:
    epochs = config.steps / run.facts["steps_per_epoch"]
    trials = f", {config.trials} trials side by side" if config.trials > 1 else ""
    return [
        f"{config.steps - run.start:,} of {config.steps:,} ({epochs:,.1f} epochs) with "
        f"{config.batch_size} examples each{trials}"
    ]


def _compiled(config: ConfigDict, run: Plan) -> list[str]:
    counts: dict[str, Any] = run.model.parameter_counts
    players = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    lines = [
        f"the train step of {get_method(config.method).named(config)[0]}: phases "
        f"{', '.join(phase.name for phase in run.game.phases)}",
        f"parameters: {players}",
    ]
    if config.evaluation.every and config.evaluation.periodic:
        lines.append(
            f"every {config.evaluation.every:,} steps {', '.join(config.evaluation.periodic)}"
        )
    asked = (*config.evaluation.metrics, *config.evaluation.figures)
    return [*lines, f"at the end {', '.join(asked) or 'no metrics and no figures'}"]


def _written(config: ConfigDict, folder: Path) -> list[str]:
    every = config.checkpoint.every
    rhythm = f"every {every:,} steps and at the end" if every else "at the end"
    best = (
        f", and the best {config.checkpoint.best_metric}" if config.checkpoint.best_metric else ""
    )
    lines = [
        f"{folder / 'config.json'}",
        f"{folder / 'metrics.jsonl'}: every {config.log.every:,} steps",
        f"{folder / 'checkpoints'}: {rhythm}, the latest {config.checkpoint.keep} kept{best}",
        f"{folder / 'evaluation.json'}, {folder / 'figures'}, {folder / 'report.html'}: at the end",
    ]
    if config.log.tensorboard:
        lines.insert(2, f"{folder / 'tensorboard'}: the same, and images")
    if config.log.wandb:
        lines.append(f"W&B project {config.log.wandb}")
    return lines

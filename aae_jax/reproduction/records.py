"""A run's result as results/ keeps it: one small JSON file a run, from which RESULTS.md is made."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ml_collections import ConfigDict

from aae_jax import evaluated, workdir
from aae_jax.checkpoint import read_info
from aae_jax.errors import UserError
from aae_jax.metric_writer import read_log
from aae_jax.metrics import VALUES
from aae_jax.reproduction.tables import Row, Table

_CURVE_POINTS = 24
_FORMAT = 1
# Fields that name other runs' workdirs.
_WORKDIRS = ("data.caption_encoder", "evaluation.classifier")


@dataclass(frozen=True)
class Record:
    """What a run was and what it gave; None is what its workdir does not say.

    Attributes:
        config: name of the config's file in configs/.
        overrides: fields that differ from that file, with the run's values.
        unrecorded: fields of that file that the run's config, of an earlier version, lacks.
        fields: the run's whole config, field -> value.
        full_steps: steps that the file asks for.
        step: the checkpoint's, in steps.
        trials: their number.
        seeds: one for each trial.
        steps_per_epoch: of the training data.
        seconds: of training, all trials together, evaluations included.
        metrics: value name -> mean, std, trials, as in evaluation.json.
        figures: names of the figures that were drawn.
        curve: value name -> [step, mean over trials] of the periodic evaluations, thinned. No table
            reads it: it is for readers of results/.
        time: when it was evaluated, ISO 8601.
        training: commit, versions and hardware of the training's last process.
        evaluation: the same of the evaluation.
        note: a remark, such as why a number misses the paper's.
        format: of this file.
    """

    config: str
    overrides: dict[str, Any]
    unrecorded: list[str]
    fields: dict[str, Any]
    full_steps: int
    step: int
    trials: int
    seeds: list[int]
    steps_per_epoch: int | None
    seconds: float | None
    metrics: dict[str, dict[str, Any]]
    figures: list[str]
    curve: dict[str, list[list[float | None]]]
    time: str
    training: dict[str, Any]
    evaluation: dict[str, Any]
    note: str = ""
    format: int = _FORMAT

    @property
    def file_name(self) -> str:
        """Of its file: a run of the same settings, length, trials and seed takes the same one."""
        changed = settings(self.overrides)
        parts = [self.config]
        if changed:
            text = json.dumps(changed, sort_keys=True)
            parts.append(hashlib.sha256(text.encode()).hexdigest()[:8])
        parts.append(f"{self.step}x{self.trials}")
        if self.seeds[0]:
            parts.append(f"seed{self.seeds[0]}")
        return "-".join(parts) + ".json"


def settings(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The overrides that make another experiment, not just another length, seed or evaluation."""
    return {
        field: value
        for field, value in overrides.items()
        if not workdir.is_free(field) and field not in ("seed", "trials")
    }


def differences(run: Mapping[str, Any], file: Mapping[str, Any]) -> dict[str, Any]:
    """Fields in which a run's config differs from the file's, with the run's values.

    Args:
        run: a config, field -> value as JSON has it.
        file: another one.
    """
    return {
        field: value
        for field, value in sorted(run.items())
        if field not in file or file[field] != value
    }


def flat(config: ConfigDict) -> dict[str, Any]:
    """A config, field -> value as JSON has it; of a path on this machine its last part alone."""
    plain = workdir.flatten(json.loads(config.to_json()))
    return {
        name: Path(value).name if _is_local(name, value) else value for name, value in plain.items()
    }


def _is_local(name: str, value: Any) -> bool:
    return isinstance(value, str) and (name in _WORKDIRS or Path(value).is_absolute())


def from_workdir(folder: Path, name: str, file: ConfigDict, note: str = "") -> Record:
    """The result of a run that has been evaluated.

    Args:
        folder: the run's workdir.
        name: of its config's file.
        file: what that file gives.
        note: a remark to keep.

    Raises:
        UserError: the folder holds no run, or no whole evaluation, or its checkpoint is damaged.
    """
    config = workdir.read_config(folder)
    result = evaluated.read(folder)
    if result is None:
        raise UserError(f"{folder} holds no evaluation.json: run --mode=evaluate there first")
    if evaluated.is_interrupted(result):
        raise UserError(f"the evaluation in {folder} was interrupted: run --mode=evaluate there")
    run, plain = flat(config), flat(file)
    # Of the evaluation's checkpoint, where it says so: training may have gone on since.
    training = result.get("training", {})
    info = {**read_info(folder, config.evaluation.checkpoint), **_known(training)}
    return Record(
        config=name,
        overrides=differences(run, plain),
        unrecorded=sorted(field for field in plain if field not in run),
        fields=run,
        full_steps=file.steps,
        step=result["step"],
        trials=result["trials"],
        seeds=[config.seed + trial for trial in range(result["trials"])],
        steps_per_epoch=info.get("steps_per_epoch"),
        seconds=info.get("seconds"),
        metrics=result["metrics"],
        figures=_drawn(folder, result),
        curve=_curve(folder, result["step"]),
        time=result["time"],
        training={name: training.get(name) for name in ("commit", "versions", "hardware")},
        evaluation={name: result.get(name) for name in ("commit", "versions", "hardware")},
        note=note,
    )


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _drawn(folder: Path, result: Mapping[str, Any]) -> list[str]:
    # An evaluation of an earlier version does not name its figures.
    files = (path.stem for path in (folder / "figures").glob("*.png"))
    return sorted(result.get("figures", files))


def _curve(folder: Path, last: int) -> dict[str, list[list[float | None]]]:
    rows = [row for row in read_log(folder) if row["kind"] == "evaluate" and row["step"] <= last]
    stride = max(1, math.ceil((len(rows) - 1) / (_CURVE_POINTS - 1)))
    kept = rows[::-1][::stride][::-1]  # the last one always
    curves: dict[str, list[list[float | None]]] = {}
    for row in kept:
        for name, value in row.items():
            if name in VALUES and not VALUES[name].yardstick_of:
                curves.setdefault(name, []).append([row["step"], _mean(value)])
    return curves


def _mean(value: Any) -> float | None:
    trials = value if isinstance(value, list) else [value]
    # The log has null for what is not finite.
    return None if None in trials else sum(trials) / len(trials)


def changed_since(record: Record, file: ConfigDict) -> list[str]:
    """Fields of a config's file that were something else when a run of it was recorded.

    A field that the run's config lacks is newer, and counts as unchanged.
    """
    now = flat(file)
    fields = [
        name
        for name in settings(now)
        if name in record.fields
        and name not in record.overrides
        and now[name] != record.fields[name]
    ]
    return fields + ["steps"] * (file.steps != record.full_steps)


def write(record: Record, folder: Path) -> Path:
    """Writes the record into the folder, made if needed, in the place of one of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / record.file_name
    workdir.write_json(path, asdict(record))
    return path


def read_all(folder: Path) -> list[Record]:
    """All records of a folder, by file name; none where there is no folder.

    Raises:
        UserError: a file is damaged or of another version.
    """
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> Record:
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        if saved["format"] != _FORMAT:
            raise UserError(f"{path} has format {saved['format']}, and this code reads {_FORMAT}")
        if saved.keys() != {field.name for field in fields(Record)}:
            raise KeyError
        return Record(**saved)
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(
            f"{path} is no record of a run: remove it, or take it from the repository again"
        ) from error


def of_row(table: Table, row: Row, records: Sequence[Record]) -> list[Record]:
    """All records of a row of a table, `best` first.

    Of several runs of one experiment none is left out, but for those of a seed that has a row of
    its own.
    """
    own = _ranked(row, records, row.overrides)
    if "seed" in row.overrides:
        return own
    others = [other for other in table.rows if "seed" in other.overrides]
    elsewhere = [record for other in others for record in _ranked(other, own, other.overrides)]
    return [record for record in own if record not in elsewhere]


def best(
    row: Row, records: Sequence[Record], overrides: Mapping[str, Any] | None = None
) -> Record | None:
    """The record that speaks for a row: the longest, then that of most trials, then the latest.

    Args:
        row: the row.
        records: all there are.
        overrides: fields and values that are asked for; None for the row's own.
    """
    ranked = _ranked(row, records, row.overrides if overrides is None else overrides)
    return ranked[0] if ranked else None


def _ranked(row: Row, records: Sequence[Record], overrides: Mapping[str, Any]) -> list[Record]:
    wanted = json.loads(json.dumps(dict(overrides)))  # tuples as JSON has them
    own = [record for record in records if _is_of(row.config, wanted, record)]
    return sorted(own, key=lambda r: (r.step, r.trials, r.time, r.file_name), reverse=True)


def _is_of(config: str, wanted: Mapping[str, Any], record: Record) -> bool:
    return (
        record.config == config
        and settings(record.overrides) == settings(wanted)
        and ("seed" not in wanted or record.seeds[0] == wanted["seed"])
    )

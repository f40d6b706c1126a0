"""What a sweep runs: points, each with a few fields of the config set."""

import ast
import hashlib
import itertools
import json
import re
import runpy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml_collections import ConfigDict

from aae_jax import config as config_lib
from aae_jax.errors import UserError, reason

_LONGEST_NAME = 150  # of a folder, in letters


@dataclass(frozen=True)
class Point:
    """One run of a sweep.

    Attributes:
        name: its folder's: short names of the fields, and their values.
        fields: config field, as in `data.dir` -> its value as text, as on the command line.
        config: the experiment's config with these fields set.
    """

    name: str
    fields: Mapping[str, str]
    config: ConfigDict


def read_points(text: str, config: ConfigDict) -> list[Point]:
    """Reads a sweep and checks every point of it.

    Args:
        text: "optimizer.learning_rate=1e-4,1e-3; seed=0,1,2" for all combinations, or the path of
            a file: JSON, or Python with `get_sweep()`; either gives a dictionary from field to
            list of values, for all combinations, or a list of dictionaries from field to value.
        config: the experiment's config, left as it is.

    Raises:
        UserError: the text or file cannot be read, or a point is no config that could run.
    """
    given = _read_file(Path(text)) if text.endswith((".json", ".py")) else _read_text(text)
    if isinstance(given, Mapping):
        columns = [[(field, _text(v)) for v in _values(field, vs)] for field, vs in given.items()]
        rows = [dict(row) for row in itertools.product(*columns)] if columns else []
    elif isinstance(given, Sequence) and all(isinstance(row, Mapping) for row in given):
        rows = [{field: _text(value) for field, value in row.items()} for row in given]
    else:
        raise UserError(
            f"--sweep={text}: give a dictionary from field to values, or a list of dictionaries"
        )
    if not rows:
        raise UserError(f"--sweep={text}: it has no points")
    configs = [_set(config, row) for row in rows]
    short = _short_names(list(dict.fromkeys(field for row in rows for field in row)))
    names = [_name(row, short) for row in rows]
    for row, name in zip(rows, names, strict=True):
        if rows.count(row) > 1:
            raise UserError(f"--sweep={text}: the point {name} comes twice")
    # A value with commas can look like several fields.
    names = [
        name if names.count(name) == 1 else f"{name}-{_digest(row)}"
        for row, name in zip(rows, names, strict=True)
    ]
    return [Point(*point) for point in zip(names, rows, configs, strict=True)]


def _short_names(fields: Sequence[str]) -> dict[str, str]:
    """Of each field the fewest last parts that no other one ends in: `learning_rate`, say."""

    def ends(field: str) -> list[str]:
        parts = field.split(".")
        return [".".join(parts[i:]) for i in reversed(range(len(parts)))]

    taken = Counter(end for field in fields for end in ends(field))
    # Where one is another's end, as seed is of evaluation.seed, it keeps its name.
    return {f: next((end for end in ends(f) if taken[end] == 1), f) for f in fields}


def _name(fields: Mapping[str, str], short: Mapping[str, str]) -> str:
    """The name of a point's folder: short names of its fields, and their values."""
    parts = [f"{short[field]}={value}" for field, value in fields.items()]
    name = re.sub(r"[^\w=,.+-]", "_", ",".join(parts))
    if len(name) <= _LONGEST_NAME and name == ",".join(parts):
        return name
    # What was replaced or cut must not make two points one.
    return f"{name[:_LONGEST_NAME]}-{_digest(fields)}"


def _digest(fields: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(fields)).encode()).hexdigest()[:8]


def _read_text(text: str) -> dict[str, list[str]]:
    grid: dict[str, list[str]] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        field, equals, values = part.partition("=")
        field = field.strip()
        if not equals or not field or not values.strip():
            raise UserError(
                f'--sweep={text}: give fields and values, as "optimizer.learning_rate=1e-4,1e-3; '
                'seed=0,1", or a .json or .py file'
            )
        if field in grid:
            raise UserError(f"--sweep={text}: {field} comes twice")
        grid[field] = _split(values)
    return grid


def _split(values: str) -> list[str]:
    """Splits at the commas that stand in no brackets."""
    parts, depth = [""], 0
    for letter in values:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _read_file(path: Path) -> Any:
    try:
        if path.suffix == ".json":
            return json.loads(path.read_text(encoding="utf-8"))
        return runpy.run_path(str(path))["get_sweep"]()
    except FileNotFoundError as error:
        raise UserError(f"no sweep file {path}") from error
    except KeyError as error:
        raise UserError(f"{path} has no function get_sweep()") from error
    except Exception as error:  # A Python file is a program and may raise anything.
        raise UserError(
            f"the sweep file {path} cannot be used: {type(error).__name__}: {reason(error)}"
        ) from error


def _values(field: str, values: Any) -> Sequence[Any]:
    if not isinstance(values, (list, tuple)) or not values:
        raise UserError(f"the sweep's {field} is {values!r}: give a list of values")
    return values


def _text(value: Any) -> str:
    return str(tuple(value)) if isinstance(value, list) else str(value)


def _set(config: ConfigDict, fields: Mapping[str, str]) -> ConfigDict:
    """A copy of a config with fields set, checked as far as that is quick."""
    copy = config.copy_and_resolve_references()
    for field, text in fields.items():
        value = _value(text, config_lib.get_field(copy, field))
        config_lib.set_field(copy, field, value)
    config_lib.check(copy)
    return copy


def _value(text: str, now: Any) -> Any:
    """Reads a value as the command line does, by the type that the field has now."""
    if isinstance(now, str):
        return text
    if isinstance(now, bool) and text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text  # which no other type of field takes
    if isinstance(now, float) and type(value) is int:
        return float(value)
    return value

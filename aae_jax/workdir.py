"""The folder of a run: it belongs to one config, and to one training process at a time."""

import contextlib
import errno
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ml_collections import ConfigDict

from aae_jax import config as config_lib
from aae_jax import output_file
from aae_jax.errors import UserError

# Fields that may change between two runs in one workdir: they do not touch what a step computes.
_FREE = (
    "steps",
    "steps_per_call",
    "log",
    "checkpoint",
    "evaluation",
    "data.dir",
    "data.cache",
    "data.location",
)


def flatten(value: Any, prefix: str = "") -> dict[str, Any]:
    """Names the fields of a config, given as JSON has it, as in `data.dir`."""
    if not isinstance(value, dict):
        return {prefix: value}
    flat = {}
    for key, item in value.items():
        flat |= flatten(item, f"{prefix}.{key}" if prefix else key)
    return flat


def _complete(saved: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Gives fields that are newer than a saved config their defaults, under which it was run."""
    filled = {**known, **saved}
    for name, default in known.items():
        if isinstance(default, dict) and isinstance(filled[name], dict):
            filled[name] = _complete(filled[name], default)
    return filled


def _read(path: Path) -> dict[str, Any]:
    """A saved config as JSON has it, its new fields filled in."""
    saved = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(saved, dict):
        raise ValueError("it holds no fields")
    return _complete(saved, json.loads(config_lib.base().to_json()))


def _with_game(config: dict[str, Any]) -> dict[str, Any]:
    """Gives fields of the game that are newer than a saved config their defaults too."""
    from aae_jax.methods import METHODS  # late: an exported model does without them

    method, game = METHODS.get(str(config["method"])), config["game"]
    if method is None or method.options is None or not isinstance(game, dict):
        return config
    return {**config, "game": {**json.loads(method.options().to_json()), **game}}


def is_free(field: str) -> bool:
    """Whether a field, as in `data.dir`, may change between two runs in one workdir."""
    return any(field == free or field.startswith(free + ".") for free in _FREE)


def write_json(path: Path, value: Any) -> None:
    """Writes JSON as `output_file.write` does."""
    output_file.write(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def read_config(workdir: Path, *, exported: bool = False) -> ConfigDict:
    """The config of the run in a folder, fields that are newer than it at their defaults.

    Args:
        workdir: the folder.
        exported: it holds an exported model, whose game plays no more: its fields stay as they are.

    Raises:
        UserError: the folder holds no run, or its config.json is damaged.
    """
    path = workdir / "config.json"
    try:
        saved = _read(path)
        return ConfigDict(_tuples(saved if exported else _with_game(saved)))
    except FileNotFoundError as error:
        raise UserError(f"{workdir} is no workdir of a run: it has no config.json") from error
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read {path}: {error}") from error


def _tuples(value: Any) -> Any:
    """Turns the lists that JSON has in place of tuples back into tuples."""
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


@contextlib.contextmanager
def claim(config: ConfigDict, workdir: Path) -> Iterator[None]:
    """Makes the folder, writes `config.json` and keeps other training processes out.

    Raises:
        UserError: the folder belongs to another config, is in use, or cannot be written.
    """
    check_same(config, workdir)
    try:
        workdir.mkdir(parents=True, exist_ok=True)
        lock = (workdir / ".lock").open("a")
    except OSError as error:
        raise _cannot_write(workdir, error) from error
    with lock:
        _lock(lock.fileno(), workdir)
        try:
            write_json(workdir / "config.json", json.loads(config.to_json()))
        except OSError as error:
            raise _cannot_write(workdir, error) from error
        yield


def _lock(file: int, workdir: Path) -> None:
    """Locks until the file is closed or the process ends, however it ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UserError(
            f"another process is training in workdir {workdir}: wait for it or stop it, or choose "
            "another --workdir"
        ) from error
    except OSError as error:  # some network file systems know no locks
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            raise


def _cannot_write(workdir: Path, error: OSError) -> UserError:
    return UserError(
        f"cannot write to workdir {workdir}: {error.strerror}; choose another --workdir"
    )


def check_same(config: ConfigDict, workdir: Path) -> None:
    """Checks that the folder is new, or of this config; changes nothing.

    Fields that do not change what a step computes (`steps`, `steps_per_call`, `log`, `checkpoint`,
    `evaluation` and where data lies) may differ from those of the earlier run.

    Raises:
        UserError: the folder holds a run of another config, is none, or cannot be written or made.
    """
    path = workdir / "config.json"
    try:
        whole = workdir.absolute()
        nearest = next(place for place in (whole, *whole.parents) if place.exists())
        if not nearest.is_dir():
            raise UserError(
                f"workdir {workdir}: {nearest} is not a folder: choose another --workdir"
            )
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise UserError(
                f"workdir {workdir}: cannot write in {nearest}: choose another --workdir"
            )
        if not path.exists():
            return
        old = flatten(_with_game(_read(path)))
    except UserError:
        raise
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read {path}: {error}; choose another --workdir") from error
    new = flatten(json.loads(config.to_json()))
    differing = [
        f"{field} ({old.get(field, 'absent')!r} there, {new.get(field, 'absent')!r} now)"
        for field in sorted(old.keys() | new.keys())
        if not is_free(field) and old.get(field) != new.get(field)
    ]
    if differing:
        more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
        raise UserError(
            f"workdir {workdir} holds a run of another config: {', '.join(differing[:3])}{more}; "
            "choose another --workdir, or go back to that config"
        )

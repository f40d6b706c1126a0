"""Writes a trained model as a folder that runs without this package's model code."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import jax
import safetensors.numpy
from absl import logging

from aae_jax import output_file
from aae_jax.errors import UserError
from aae_jax.exports import card, programs
from aae_jax.exports.layout import (
    CARD,
    CONFIG,
    FORMAT,
    MANIFEST,
    WEIGHTS,
    flatten,
    program_file,
    sha256,
)
from aae_jax.inference import GameFunctions
from aae_jax.provenance import versions
from aae_jax.trained_model import TrainedModel


def write(model: TrainedModel, folder: Path, overwrite: bool) -> None:
    """Writes the folder that `aae_jax.exports` describes, in one move when it is complete.

    Args:
        model: the model of a workdir.
        folder: must not exist, or be empty.
        overwrite: an earlier export there is replaced.

    Raises:
        UserError: the model comes from an exported folder, a function of it cannot be exported, or
            the folder cannot be written or holds something else.
    """
    if not isinstance(model.functions, GameFunctions):
        raise UserError(f"the model of {model.origin} is exported already: copy that folder")
    folder = folder.resolve()
    check_target(folder, overwrite)
    made = []
    for name in sorted(model.functions.names):
        logging.info("Exporting %s", name)
        made += programs.make(model, name)
    weights = jax.device_get(flatten(model.params, model.batch_stats))
    files = {
        WEIGHTS: safetensors.numpy.save(weights),
        CONFIG: (model.config.to_json(indent=2) + "\n").encode(),
        **{program_file(program.name, program.size): program.content for program in made},
    }
    manifest = {
        "format": FORMAT,
        "example_shape": model.example_shape,
        "class_names": model.class_names,
        "components": model.components,
        "encoder_reads_labels": model.functions.encoder_reads_labels,
        "step": model.step,
        "trial": model.trial,
        "functions": {
            name: [program.size for program in made if program.name == name]
            for name in sorted(model.functions.names)
        },
        "sha256": {name: sha256(content) for name, content in files.items()},
        "versions": versions(),
    }
    files[MANIFEST] = (json.dumps(manifest, indent=2) + "\n").encode()
    files[CARD] = card.as_markdown(model, made).encode()
    with _in_one_move(folder) as aside:
        for name, content in files.items():
            (aside / name).parent.mkdir(exist_ok=True)
            with output_file.replacing(aside / name) as file:
                file.write(content)


def check_target(folder: Path, overwrite: bool) -> None:
    """Checks that a folder may be written; changes nothing.

    Raises:
        UserError: it holds something else, or an export and `overwrite` is False.
    """
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder: choose another one to export to")
    if not any(folder.iterdir()):
        return
    if not (folder / MANIFEST).is_file():
        raise UserError(
            f"{folder} holds something else than an exported model: choose another folder"
        )
    if not overwrite:
        raise UserError(
            f"{folder} holds an exported model already: choose another folder, or say overwrite"
        )


@contextlib.contextmanager
def _in_one_move(folder: Path) -> Iterator[Path]:
    """A folder beside the one to write, which takes its place when all went well."""
    aside, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{s}") for s in ("new", "old"))
    try:
        aside.mkdir(parents=True)
        yield aside
        if folder.exists():
            os.replace(folder, old)
        os.replace(aside, folder)
    except OSError as error:
        raise UserError(
            f"cannot write {folder}: {error.strerror}; choose another folder to export to"
        ) from error
    finally:
        if old.exists() and not folder.exists():  # stopped between the two moves
            os.replace(old, folder)
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)

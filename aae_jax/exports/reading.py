"""Loads an exported folder. Needs no code of the model, and nothing in the folder is unpickled."""

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import jax
import jax.export
import safetensors
import safetensors.numpy

from aae_jax.errors import UserError
from aae_jax.exports.layout import (
    CONFIG,
    FORMAT,
    MANIFEST,
    WEIGHTS,
    flatten,
    program_file,
    sha256,
    this_platform,
    unflatten,
)
from aae_jax.trained_model import TrainedModel
from aae_jax.workdir import read_config

# What a manifest of format 1 must have, and of which type.
_FIELDS = {
    "example_shape": list,
    "components": int,
    "encoder_reads_labels": bool,
    "step": int,
    "trial": int,
    "functions": dict,
    "sha256": dict,
    "versions": dict,
}


def is_exported(folder: Path) -> bool:
    """Whether a folder claims to be an exported model."""
    return (folder / MANIFEST).is_file()


class Programs:
    """Exported inference functions; see `aae_jax.model.Functions`.

    Args:
        contents: function -> number of examples, None for any -> serialised program.
        components, encoder_reads_labels: as in `aae_jax.model.Functions`.
        origin: the folder, for messages.
    """

    def __init__(
        self,
        contents: Mapping[str, Mapping[int | None, bytes]],
        components: int,
        encoder_reads_labels: bool,
        origin: str,
    ) -> None:
        self.components = components
        self.encoder_reads_labels = encoder_reads_labels
        self._contents = contents
        self._origin = origin
        self._compiled: dict[str, Callable[..., Any]] = {}

    @property
    def names(self) -> Collection[str]:
        """The functions that there are."""
        return self._contents.keys()

    def __getitem__(self, name: str) -> Callable[..., Any]:
        if name not in self.names:
            raise UserError(
                f"the model has no function {name}, only {', '.join(sorted(self.names))}"
            )
        if name not in self._compiled:
            self._compiled[name] = self._compile(name)
        return self._compiled[name]

    def _compile(self, name: str) -> Callable[..., Any]:
        exported = {size: self._deserialise(name, size) for size in self._contents[name]}

        def apply(params: Any, batch_stats: Any, key: jax.Array, step: int, *inputs: Any) -> Any:
            del step  # the program knows it
            size = jax.tree.leaves(inputs)[0].shape[0]
            program = exported[None if None in exported else size]
            return program.call(flatten(params, batch_stats), jax.random.key_data(key), *inputs)

        return jax.jit(apply)

    def _deserialise(self, name: str, size: int | None) -> jax.export.Exported:
        path = f"{self._origin}/{program_file(name, size)}"
        try:
            program = jax.export.deserialize(bytearray(self._contents[name][size]))
        except Exception as error:  # the reader of a foreign format may raise anything
            raise UserError(
                f"jax {jax.__version__} cannot read {path} ({type(error).__name__}): export the "
                "model again, or install a jax nearer to the one in export.json"
            ) from error
        if this_platform() not in program.platforms:
            here = jax.devices()[0].platform
            raise UserError(
                f"{path} runs on {', '.join(program.platforms)} and this is {here}: set "
                f"JAX_PLATFORMS={program.platforms[0]}"
            )
        return program


def read(folder: Path) -> TrainedModel:
    """Loads the model in a folder.

    Raises:
        UserError: a file is missing, damaged or not the one that was exported, or the folder was
            written by a newer version.
    """
    manifest = _read_manifest(folder / MANIFEST)
    digests = manifest["sha256"]
    contents = {
        name: {size: _read_file(folder, program_file(name, size), digests) for size in sizes}
        for name, sizes in manifest["functions"].items()
    }
    _read_file(folder, CONFIG, digests)
    try:
        weights = safetensors.numpy.load(_read_file(folder, WEIGHTS, digests))
    except safetensors.SafetensorError as error:
        raise _damaged(folder / WEIGHTS, str(error)) from error
    params, batch_stats = jax.device_put(unflatten(weights))
    return TrainedModel(
        read_config(folder, exported=True),
        Programs(contents, manifest["components"], manifest["encoder_reads_labels"], str(folder)),
        params,
        batch_stats,
        manifest["step"],
        example_shape=tuple(manifest["example_shape"]),
        class_names=tuple(map(str, manifest.get("class_names", ()))),  # older ones do not say
        trial=manifest["trial"],
        origin=folder,
    )


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version = manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    if not isinstance(version, int) or version > FORMAT:
        raise UserError(
            f"{path.parent} is of format {version}, and this version of aae_jax reads up to "
            f"{FORMAT}: install a newer one"
        )
    for name, kind in _FIELDS.items():
        if not isinstance(manifest.get(name), kind):
            raise _damaged(path, f"no {name}")
    if not isinstance(manifest.get("class_names", []), list):
        raise _damaged(path, "odd class_names")
    # Function names become names of files.
    if not all(
        name.isidentifier() and isinstance(sizes, list)
        for name, sizes in manifest["functions"].items()
    ):
        raise _damaged(path, "odd functions")
    return manifest


def _read_file(folder: Path, name: str, digests: Mapping[str, str]) -> bytes:
    path = folder / name
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise _damaged(path, "it is missing") from error
    except OSError as error:
        raise _damaged(path, str(error.strerror)) from error
    if sha256(content) != digests.get(name):
        raise _damaged(path, "its content is not what was exported")
    return content


def _damaged(path: Path, reason: str) -> UserError:
    return UserError(f"cannot load {path} ({reason}): copy the folder anew, or export it again")

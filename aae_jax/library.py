"""The package as a library: `aae_jax.load` and `aae_jax.export`."""

import os
from pathlib import Path

from aae_jax.errors import UserError
from aae_jax.exports import reading
from aae_jax.trained_model import TrainedModel
from aae_jax.workdir import read_config


def load(path: str | os.PathLike, trial: int | None = None) -> TrainedModel:
    """Loads a trained model.

        model = aae_jax.load("runs/amm_digits")
        print(model)
        x = model.sample(16, seed=0)

    Args:
        path: workdir of a run, whose checkpoint `evaluation.checkpoint` of its config names, or a
            folder that `export` made, which needs none of the code that trained the model.
        trial: which of the run's trials, None for the first; an exported folder holds one.

    Raises:
        UserError: the folder holds neither, has no such trial, or is damaged.
    """
    path = Path(path).expanduser()
    if not path.is_dir():
        raise UserError(
            f"{path} is {'no folder' if path.exists() else 'not there'}: name the workdir of a "
            "run, or an exported folder"
        )
    if reading.is_exported(path):
        model = reading.read(path)
        if trial not in (None, model.trial):
            raise UserError(f"{path} holds trial {model.trial} only: leave out trial={trial}")
        return model
    config = read_config(path)
    # Imported late: an exported model does without the code of methods.
    from aae_jax.inference import load_trained

    return load_trained(config, path, 0 if trial is None else trial)


def export(
    source: str | os.PathLike | TrainedModel,
    folder: str | os.PathLike,
    trial: int | None = None,
    *,
    overwrite: bool = False,
) -> None:
    """Writes a trained model as a folder of programs and weights; see `aae_jax.exports`.

    Args:
        source: workdir of a run, or a model that `load` made of one.
        folder: where to; it must be new or empty.
        trial: which of the workdir's trials, None for the first; unused for a model.
        overwrite: replace an earlier export there.

    Raises:
        UserError: as `load`, the folder cannot be written, or the model was read from an export,
            or has a function that is no program.
    """
    from aae_jax.exports import writing

    folder = Path(folder).expanduser()
    writing.check_target(folder.resolve(), overwrite)
    model = source if isinstance(source, TrainedModel) else load(source, trial)
    writing.write(model, folder, overwrite)

"""Metrics and images of a run on Weights & Biases, for those who have its package."""

import importlib.util
import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from aae_jax.errors import UserError, reason

_ID_NAME = "wandb_id"


def check(project: str) -> None:
    """Checks that the package is there if a project is named.

    Raises:
        UserError: it is not.
    """
    if project and importlib.util.find_spec("wandb") is None:
        raise UserError(
            f"log.wandb is {project!r}, but the package wandb is not installed: pip install "
            "'aae_jax[wandb]', or leave log.wandb empty"
        )


class WandbLog:
    """One run on W&B, which a resumed training goes on with.

    Its number is kept in the workdir's file `wandb_id`. Steps that a resumed run makes again are
    sent again, with the same values; W&B then shows two points in one place.

    Args:
        project: W&B's name of a project.
        workdir: the run's folder, with its config.json.

    Raises:
        UserError: W&B cannot be used: nobody is logged in, say.
    """

    def __init__(self, project: str, workdir: str | os.PathLike) -> None:
        check(project)
        import wandb

        self._wandb = wandb
        folder = Path(workdir).absolute()
        config = folder / "config.json"
        try:
            self._run = wandb.init(
                project=project,
                name=folder.name,
                id=_run_id(folder / _ID_NAME),
                resume="allow",
                dir=str(folder),
                config=json.loads(config.read_text()) if config.exists() else {},
            )
        except Exception as error:  # The service, the network and the account fail in many ways.
            raise UserError(
                f"log.wandb is {project!r}, but W&B did not start ({reason(error)}): log in with "
                "`wandb login`, set WANDB_MODE=offline, or leave log.wandb empty"
            ) from error
        # W&B's own step may not go back, as that of a resumed run does.
        self._run.define_metric("step")
        self._run.define_metric("*", step_metric="step")

    def write(
        self,
        step: int,
        kind: str,
        scalars: Mapping[str, np.ndarray],
        images: Mapping[str, np.ndarray],
    ) -> None:
        """Sends `<kind>/<name>`; of values per trial the mean, and each with `/trial_<i>`.

        Args:
            step: updates done so far.
            kind: what was measured.
            scalars: arrays of shape () or (trials,).
            images: uint8 arrays (height, width, 1 or 3).
        """
        values = {"step": step}
        for name, value in scalars.items():
            values[f"{kind}/{name}"] = float(np.mean(value))
            for i, trial in enumerate(value if value.ndim else ()):
                values[f"{kind}/{name}/trial_{i}"] = float(trial)
        for name, image in images.items():
            values[f"{kind}/{name}"] = self._wandb.Image(image)
        self._run.log(values)

    def close(self) -> None:
        """Sends what is left; the object is of no use afterwards."""
        self._run.finish()


def _run_id(file: Path) -> str:
    if not file.exists():
        file.write_text(uuid.uuid4().hex[:12])
    return file.read_text()

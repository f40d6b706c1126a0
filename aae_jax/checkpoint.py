"""Checkpoints of a run: the latest ones, and the best one by a metric of the evaluation.

Orbax writes into a temporary folder and renames it when complete, so a run killed in the middle of
a write leaves the checkpoint before it intact. Arrays and facts are read as numbers and JSON, with
checksums: nothing in a checkpoint is ever unpickled or run.
"""

import contextlib
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np
import orbax.checkpoint as ocp
from absl import logging

from aae_jax import damaged, quiet_loops
from aae_jax.errors import UserError, reason
from aae_jax.state import TrainState


class Checkpoints:
    """The checkpoints under `<workdir>/checkpoints`.

    In a run of several processes all of them write together; each may read alone.

    Args:
        workdir: folder of the run.
        keep: number of latest checkpoints kept.
        best_metric: what `save_best` compares; an earlier best by another metric counts as worst.
        best_mode: "min" or "max".
        read_only: for evaluation; nothing is created or cleaned.
    """

    def __init__(
        self,
        workdir: Path,
        *,
        keep: int = 1,
        best_metric: str = "",
        best_mode: str = "min",
        read_only: bool = False,
    ) -> None:
        root = self._root = damaged.folder_of(workdir)
        self._best_of = f"{best_mode} {best_metric}" if best_metric else ""
        self._sign = 1.0 if best_mode == "max" else -1.0
        self._writes = contextlib.ExitStack()
        if not read_only:  # writes go on in threads of Orbax's
            self._writes.enter_context(quiet_loops.used())
        processes: dict[str, Any] = {}
        if read_only:
            me = jax.process_index()
            processes = {"primary_host": me, "active_processes": {me}}

        def manager(name: str, **options: Any) -> ocp.CheckpointManager | None:
            if read_only and not (root / name).is_dir():
                return None
            return ocp.CheckpointManager(
                root / name,
                options=ocp.CheckpointManagerOptions(
                    create=not read_only,
                    read_only=read_only,
                    cleanup_tmp_directories=not read_only,
                    multiprocessing_options=ocp.options.MultiprocessingOptions(
                        barrier_sync_key_prefix=name, **processes
                    ),
                    **options,
                ),
            )

        self._latest = manager("latest", max_to_keep=None if read_only else keep)
        options = {"best_fn": self._score, "best_mode": "max"}
        # Orbax compares scores as it opens, and cannot where one is damaged.
        broken = read_only and damaged.best(workdir, missing=False)
        keep_best = None if read_only else 1
        self._best = None if broken else manager("best", max_to_keep=keep_best, **options)

    def _score(self, saved: dict[str, Any]) -> float:
        same = self._best_of in ("", saved["of"])
        return saved["score"] if same else -math.inf

    def latest_step(self) -> int | None:
        """Step of the latest checkpoint, None where there is none."""
        return self._latest.latest_step() if self._latest else None

    def best_step(self) -> int | None:
        """Step of the best checkpoint, None where there is none."""
        return self._best.best_step() if self._best else None

    def steps(self) -> list[int]:
        """Steps of the latest checkpoints, the newest first."""
        return sorted(self._latest.all_steps(), reverse=True) if self._latest else []

    def path(self, step: int) -> Path:
        """Folder of a latest checkpoint, for messages."""
        return self._root / "latest" / str(step)

    def save(self, state: TrainState, info: dict[str, Any]) -> None:
        """Saves a state, with a few JSON facts about the run; returns before it is on disk.

        Raises:
            UserError: this or the last checkpoint could not be written.
        """
        step = state.steps_made
        if self.latest_step() != step:
            with self._writing():
                self._latest.save(step, args=_save_args(state, info))

    def save_best(self, state: TrainState, info: dict[str, Any], value: float) -> None:
        """Saves a state if none before it had a better value; returns when it is on disk.

        Raises:
            UserError: it could not be written.
        """
        step = state.steps_made
        # A value that is no number is never the best.
        if self._best.latest_step() != step and math.isfinite(value):
            metrics = {"of": self._best_of, "score": self._sign * value}
            with self._writing():
                self._best.save(step, args=_save_args(state, info), metrics=metrics)
                self._best.wait_until_finished()

    def info(self, which: str, step: int | None = None) -> dict[str, Any]:
        """The facts saved with a checkpoint; arguments as of `restore`.

        Raises:
            UserError: there is no checkpoint, or it is damaged.
        """
        info = self._restore(which, step, {"info": ocp.args.JsonRestore()})["info"]
        if not isinstance(info, dict) or not isinstance(info.get("seconds"), int | float):
            raise self._unreadable(which, self._step(which, step), "its facts are not a run's")
        return info

    def restore(
        self, like: TrainState, which: str = "latest", step: int | None = None
    ) -> TrainState:
        """Restores a checkpoint, as numpy arrays.

        Args:
            like: a state of the game that was saved, or its shapes.
            which: "latest" or "best".
            step: one of `steps()`; None takes the newest, or the best.

        Raises:
            UserError: there is no checkpoint, or it is damaged or of another game.
        """
        target = jax.tree.map(lambda a: np.zeros(a.shape, a.dtype), like)
        state = self._restore(which, step, {"state": ocp.args.StandardRestore(target)})["state"]
        # Orbax gives arrays as they were saved, whatever their target's shape.
        for (path, saved), wanted in zip(
            jax.tree.leaves_with_path(state), jax.tree.leaves(like), strict=True
        ):
            if saved.shape != wanted.shape:
                raise UserError(
                    f"the {which} checkpoint in {self._root} is of another config: its "
                    f"{jax.tree_util.keystr(path).lstrip('.')} has shape {saved.shape}, not "
                    f"{wanted.shape}; choose another workdir"
                )
        return state

    def _restore(self, which: str, step: int | None, args: dict[str, Any]) -> Any:
        step = self._step(which, step)
        manager = self._latest if which == "latest" else self._best
        try:
            with quiet_loops.used():
                return manager.restore(step, args=ocp.args.Composite(**args))
        except Exception as error:  # Orbax raises many types for a damaged or foreign checkpoint.
            logging.debug("restoring failed", exc_info=True)
            raise self._unreadable(which, step, reason(error)) from error

    def _step(self, which: str, step: int | None) -> int:
        """The step that is meant: that of the newest or best checkpoint where none is given."""
        if step is None:
            step = self.latest_step() if which == "latest" else self.best_step()
        if step is not None:
            return step
        if which == "best" and (broken := damaged.best(self._root.parent)):
            raise self._unreadable(which, broken[-1], "no score can be read from it")
        if which == "best" and self.latest_step() is not None:
            raise UserError(
                f"no best checkpoint in {self._root}: no periodic evaluation has given a "
                "finite number yet; train on, or set evaluation.checkpoint=latest"
            )
        raise UserError(f"no {which} checkpoint in {self._root}: train first")

    def _unreadable(self, which: str, step: int, why: str) -> UserError:
        mend = {
            "latest": "training goes on from an older one where there is one, else choose another "
            "workdir",
            "best": "set evaluation.checkpoint=latest, or train on to a better one",
        }
        return UserError(
            f"cannot restore checkpoint {self._root / which / str(step)} ({why}): it is "
            f"damaged, of another config or version; {mend[which]}"
        )

    def wait(self) -> None:
        """Waits for writes under way.

        Raises:
            UserError: one of them failed.
        """
        with self._writing():
            for manager in (self._latest, self._best):
                if manager is not None:
                    manager.wait_until_finished()

    def close(self) -> None:
        """Waits for writes under way; the object is of no use afterwards.

        Raises:
            UserError: one of them failed.
        """
        with self._writes, self._writing():
            for manager in (self._latest, self._best):
                if manager is not None:
                    manager.wait_until_finished()
                    manager.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Turns a disk that is full or gone into one line; other errors pass."""
        try:
            yield
        except Exception as error:  # Orbax passes on what each of its layers raises.
            if (refusal := _of_the_disk(error)) is None:
                raise
            logging.debug("writing a checkpoint failed", exc_info=True)
            whole = [int(p.name) for p in (self._root / "latest").glob("*") if p.name.isdigit()]
            kept = f"that of step {max(whole):,} is whole" if whole else "there is none before it"
            raise UserError(
                f"cannot write a checkpoint to {self._root} ({refusal}): {kept}; once that is "
                "mended, the same command goes on"
            ) from error


def read_info(workdir: Path, which: str) -> dict[str, Any]:
    """The facts saved with a run's latest or best checkpoint.

    Raises:
        UserError: there is no checkpoint, or it is damaged.
    """
    with contextlib.closing(Checkpoints(workdir, read_only=True)) as checkpoints:
        return checkpoints.info(which)


def latest_step(workdir: Path) -> int | None:
    """Step of a run's latest checkpoint, None where there is none."""
    with contextlib.closing(Checkpoints(workdir, read_only=True)) as checkpoints:
        return checkpoints.latest_step()


def _of_the_disk(error: Exception) -> str | None:
    """Why the system refused to write, None where it did not."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # The library that writes arrays puts the system's number in the middle of a long line.
    found = re.search(r"os_error_code='?(\d+)", str(error))
    return os.strerror(int(found[1])) if found else None


def _save_args(state: TrainState, info: dict[str, Any]) -> ocp.args.Composite:
    return ocp.args.Composite(
        state=ocp.args.StandardSave(jax.device_get(state)), info=ocp.args.JsonSave(dict(info))
    )

"""The training loop: it knows no method, loses nothing, and resumes exactly."""

import collections
import contextlib
import json
import math
import time
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np
from absl import logging
from ml_collections import ConfigDict

from aae_jax import damaged, data, inference, parallel, provenance, workdir
from aae_jax.batch_statistics import Settler
from aae_jax.checkpoint import Checkpoints
from aae_jax.errors import TrainingDiverged, TrainingInterrupted, UserError
from aae_jax.evaluate import of_periodic, run_metrics
from aae_jax.figures import progress_images
from aae_jax.game import Game
from aae_jax.interrupt import Interrupt
from aae_jax.layout import MOST_STEPS, Layout
from aae_jax.metric_writer import MetricWriter
from aae_jax.plan import due, make_feed, make_step, plan
from aae_jax.progress import Progress, duration
from aae_jax.state import TrainState
from aae_jax.step import TrainStep

_AHEAD = 2  # calls handed to the devices before the first of them is done
_HEED = 10.0  # seconds within which several processes heed a signal


def train(
    config: ConfigDict,
    folder: str | Path,
    dataset: data.Dataset | None = None,
    *,
    seconds: float | None = None,
) -> TrainState:
    """Trains the game of a config, going on from the workdir's latest checkpoint.

    Writes `config.json`, `metrics.jsonl`, TensorBoard events and checkpoints to the workdir. N + M
    steps end bit-identical to N steps, a kill at any moment, a resume and M steps. SIGINT and
    SIGTERM save and stop. With several JAX processes every one calls this with the same arguments
    and a workdir that all of them see; only the first writes logs.

    Args:
        config: an experiment's config.
        folder: the workdir; made if needed.
        dataset: the loaded data; None loads it as `config.data` says.
        seconds: time for this call's loop, after which it saves and returns; None for as long as
            the steps take. In one process only: others would not agree on the moment.

    Returns:
        The final state, or the one that was reached in time.

    Raises:
        UserError: the config, the data or the workdir cannot be used; raised before compilation,
            and before the workdir is touched.
        TrainingDiverged: a loss or a parameter is not finite; the last good checkpoint is kept.
        TrainingInterrupted: stopped by a signal, after saving.
    """
    folder = Path(folder)
    run = plan(config, folder, dataset)
    game, start, state = run.game, run.start, run.state

    with contextlib.ExitStack() as stack:
        # First in, last out: the files are closed under its protection.
        interrupt = stack.enter_context(Interrupt())
        _agree_on(config, run.facts, start, folder)
        first_process = jax.process_index() == 0
        if first_process:
            stack.enter_context(workdir.claim(config, folder))
            damaged.set_aside(folder, run.damaged)
            damaged.set_aside(folder, damaged.best(folder), "best")
        if start == config.steps and run.evaluated:
            return state
        writer = None
        if first_process:
            writer = stack.enter_context(_open_writer(config, folder))
            writer.truncate(start)
        checkpoints = stack.enter_context(contextlib.closing(_open_checkpoints(config, folder)))
        feed = stack.enter_context(
            contextlib.closing(make_feed(config, run.dataset, run.layout, start))
        )
        info = {**run.facts, "seconds": run.seconds, **provenance.here()}
        loop = _Loop(
            config, folder, game, run.dataset, checkpoints, writer, info, interrupt, seconds
        )
        if not run.evaluated and state:
            loop.evaluate(start, state)  # the last process ended in the middle of it
        step = make_step(config, game)
        state = loop.run(run.layout, step, run.init() if state is None else state, feed, start)
    if interrupt.signal_number:
        raise TrainingInterrupted(
            f"stopped by signal {interrupt.signal_number} after the last step; saved in {folder}: "
            "run the same command to go on",
            interrupt.signal_number,
        )
    return state


def _agree_on(config: ConfigDict, facts: Mapping[str, Any], start: int, folder: Path) -> None:
    """Refuses a run whose processes would not make the same steps.

    Each has its own command line, its own copy of the data and its own view of the workdir.
    """
    fields = workdir.flatten(json.loads(config.to_json()))
    del fields["data.dir"]  # where the data lie is each host's own
    if not parallel.same(_checksum(fields)):
        raise UserError(
            "the processes were given different configs: start the same command on every host"
        )
    if not parallel.same(_checksum(facts)):
        raise UserError(
            "the processes have read different data: see that data.dir holds the same files on "
            "every host"
        )
    if not parallel.same(start):
        raise UserError(
            f"the processes see different checkpoints in workdir {folder}: choose a --workdir on a "
            "disk that all of them see"
        )


def _checksum(values: Mapping[str, Any]) -> int:
    """Of what JSON can say; below 2**31, as processes exchange it."""
    return zlib.crc32(json.dumps(values, sort_keys=True).encode()) >> 1


def _open_writer(config: ConfigDict, folder: Path) -> MetricWriter:
    return MetricWriter(folder, config.log.tensorboard, config.log.wandb)


def _open_checkpoints(config: ConfigDict, folder: Path) -> Checkpoints:
    return Checkpoints(
        folder,
        keep=config.checkpoint.keep,
        best_metric=config.checkpoint.best_metric,
        best_mode=config.checkpoint.best_mode,
    )


class _Loop:
    """One process's part of a run."""

    def __init__(
        self,
        config: ConfigDict,
        folder: Path,
        game: Game,
        dataset: data.Dataset,
        checkpoints: Checkpoints,
        writer: MetricWriter | None,
        info: dict[str, Any],
        interrupt: Interrupt,
        seconds: float | None,
    ) -> None:
        self._config = config
        self._folder = folder
        self._functions = inference.GameFunctions(game)
        self._dataset = dataset
        self._checkpoints = checkpoints
        self._writer = writer
        self._info = info
        self._interrupt = interrupt
        self._seconds_before = info["seconds"]
        self._began = time.monotonic()
        self._seconds = math.inf if seconds is None else seconds
        self._ahead: collections.deque[Any] = collections.deque()
        # Steps after which the processes ask each other for signals: asking at each costs time.
        self._ask_every = config.log.every
        # Logged metrics are fetched once their step is done, so that the devices never wait.
        self._pending: tuple[int, Any, tuple[str, float]] | None = None

    def run(
        self, layout: Layout, step_fn: TrainStep, state: TrainState, feed: data.Feed, start: int
    ) -> TrainState:
        """Makes the steps from start + 1 to `config.steps`, with all that is due between them."""
        config = self._config
        _, key = parallel.trial_keys(config.seed, config.trials)
        # Placed as the step returns it: otherwise the second step would be compiled anew.
        # From the host, each step of a call would carry its images, wanted or not.
        most_steps = config.steps_per_call or (MOST_STEPS if feed.location == "device" else 1)
        layout = replace(layout, most_steps=most_steps)
        state, arrays, key = layout.place(state, feed.arrays, key)
        call = layout.parallelize(step_fn, feed.fetch)
        settle = Settler(config, self._functions.game, self._dataset, layout, arrays, key)
        if start < config.steps:
            logging.info("compiling the train step")
        progress = self._progress(start)
        step = start
        size = config.steps_per_call or 1
        to_time = size < most_steps or jax.process_count() > 1
        while step < config.steps:
            count = min(size, self._next_stop(step) - step)
            items = layout.stack([next(feed) for _ in range(count)])
            began = time.monotonic()
            state, metrics = call(state, arrays, *items, key)
            if step == start:
                jax.block_until_ready(metrics)
                logging.info("first step done after %s", duration(time.monotonic() - self._began))
                progress = self._progress(step + count)
            elif to_time:
                to_time = False
                jax.block_until_ready(metrics)
                seconds = (time.monotonic() - began) / count
                if size < most_steps:
                    size = parallel.agree(layout.steps_in_a_call(seconds))
                often = min(config.log.every, int(_HEED / max(seconds, 1e-9)))
                self._ask_every = parallel.agree(max(often, 1))
            step += count
            self._keep_pace(metrics)
            stop = self._asked_to_stop(step)
            over = time.monotonic() - self._began > self._seconds
            last = step == config.steps or (over and not stop)
            if last or due(step, config.log.every):
                self._write_pending()
                self._pending = (step, metrics, progress.report(step))
            elif progress.overdue:
                logging.info("%s", progress.report(step)[0])
            evaluate = due(step, config.evaluation.every)
            if last or stop or evaluate or due(step, config.checkpoint.every):
                self._write_pending()
                began = time.monotonic()
                state = settle(state, step)
                # Saved first: a long evaluation must not put the steps at risk.
                self._save(step, state)
                if evaluate and not stop:
                    self.evaluate(step, state)
                progress.pause(time.monotonic() - began)
            if stop and not last:
                raise TrainingInterrupted(
                    f"stopped by signal {stop} at step {step:,} of {config.steps:,}; saved in "
                    f"{self._folder}: run the same command to go on",
                    stop,
                )
            if last:
                break
        return state

    def _next_stop(self, step: int) -> int:
        """The first step after this one with something to do between the steps."""
        config = self._config
        rhythms = (
            config.log.every,
            config.evaluation.every,
            config.checkpoint.every,
            self._ask_every if jax.process_count() > 1 else 0,
        )
        return min(config.steps, *(step - step % every + every for every in rhythms if every > 0))

    def _progress(self, step: int) -> Progress:
        return Progress(step, self._config.steps, self._config.batch_size * self._config.trials)

    def _keep_pace(self, metrics: Any) -> None:
        """Waits for a call some way back: far ahead of the devices, nothing could be stopped."""
        self._ahead.append(metrics)
        if len(self._ahead) > _AHEAD:
            done = self._ahead.popleft()
            jax.block_until_ready(done)
            if self._pending is not None and self._pending[1] is done:
                self._write_pending()

    def _asked_to_stop(self, step: int) -> int:
        """The signal to stop at after this step, 0 for none."""
        number = self._interrupt.signal_number or 0
        if jax.process_count() == 1:
            return number
        # All processes must stop at the same step.
        return parallel.agree(number) if due(step, self._ask_every) else 0

    def _write_pending(self) -> None:
        if self._pending is None:
            return
        step, metrics, (line, rate) = self._pending
        self._pending = None
        metrics = jax.device_get(metrics)
        for name, value in metrics.items():
            if not np.all(np.isfinite(value)):
                self._diverged(step, name, value)
        if self._writer:
            self._writer.write(step, {**metrics, "steps_per_second": rate}, "train")
        logging.info("%s | %s", line, _summary(metrics))

    def _save(self, step: int, state: TrainState) -> None:
        if not parallel.all_finite(state):
            for path, leaf in jax.tree.leaves_with_path(jax.device_get(state)):
                if not np.all(np.isfinite(leaf)):
                    self._diverged(step, jax.tree_util.keystr(path).lstrip("."), leaf)
        self._info["seconds"] = self._seconds_before + time.monotonic() - self._began
        self._checkpoints.save(state, self._info)

    def evaluate(self, step: int, state: TrainState) -> None:
        """Makes the periodic evaluation, saves the best, and logs: the line says all is done."""
        config = self._config
        models = inference.models_from_state(config, self._functions, state)
        values = run_metrics(
            models,
            of_periodic(config, self._dataset),
            config.evaluation.periodic,
            config.evaluation.seed,
        )
        best = config.checkpoint.best_metric
        if best:
            self._checkpoints.save_best(state, self._info, float(np.mean(values[best])))
        if self._writer:
            self._show_images(step, models[0])
            self._writer.write(step, {k: np.asarray(v) for k, v in values.items()}, "evaluate")
        logging.info("evaluation at step %s | %s", f"{step:,}", _summary(values))

    def _show_images(self, step: int, model: inference.Model) -> None:
        """Draws a few images, of trial 0, for those who watch the run."""
        config = self._config
        if not self._writer.shows_images or not config.log.images:
            return
        try:
            pictures = progress_images(
                model, self._dataset, config.evaluation.seed, config.log.images
            )
        except UserError as error:  # a picture is no reason to stop
            logging.warning("no images at step %s: %s", f"{step:,}", error)
            return
        self._writer.write_images(step, pictures)

    def _diverged(self, step: int, name: str, value: Any) -> None:
        self._checkpoints.wait()
        good = self._checkpoints.latest_step()
        where = (
            f"the last good checkpoint is {self._checkpoints.path(good)}"
            if good is not None
            else "there is no earlier checkpoint"
        )
        trial = ""
        if self._config.trials > 1:
            per_trial = np.isfinite(value).reshape(self._config.trials, -1).all(axis=1)
            trial = f" in trial {int(np.argmin(per_trial))}"
        raise TrainingDiverged(
            f"{name} is not finite at step {step:,}{trial}: {where}; in a new workdir, lower the "
            "learning rate or change config.seed"
        )


def _summary(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {np.mean(value):.4g}" for name, value in values.items())

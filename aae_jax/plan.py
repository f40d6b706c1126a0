"""What comes before training: every check, the data, and the checkpoint to go on from."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
from absl import logging
from ml_collections import ConfigDict

from aae_jax import config as config_lib
from aae_jax import data, inference, scorer, sentences, wandb_log, workdir
from aae_jax import facts as facts_lib
from aae_jax.checkpoint import Checkpoints
from aae_jax.errors import UserError
from aae_jax.evaluate import check
from aae_jax.game import Batch, Game
from aae_jax.layout import Layout
from aae_jax.methods import build_game, refuse_idle
from aae_jax.metric_writer import read_log
from aae_jax.rehearsal import rehearse
from aae_jax.state import TrainState, make_init
from aae_jax.step import TrainStep, make_train_step


@dataclass(frozen=True)
class Plan:
    """A run that has passed every check and has not begun.

    Attributes:
        dataset: the data, with the scorer, extractor and embedder that the config names.
        layout: how trials and batches lie on the devices.
        facts: of the data, as saved with checkpoints.
        game: the method's game.
        init: makes the first state.
        model: of shapes alone, to ask for its functions and sizes.
        state: the checkpoint's state that the run goes on from, None where it begins anew.
        start: its step, 0 where there is none.
        seconds: training time up to there.
        damaged: steps of newer checkpoints that cannot be read.
        evaluated: whether nothing of a periodic evaluation at `start` is left to do.
    """

    dataset: data.Dataset
    layout: Layout
    facts: dict[str, Any]
    game: Game
    init: Callable[[], TrainState]
    model: inference.Model
    state: TrainState | None
    start: int
    seconds: float
    damaged: tuple[int, ...]
    evaluated: bool


def plan(config: ConfigDict, folder: Path, dataset: data.Dataset | None = None) -> Plan:
    """Makes all the checks of `train`, and reads its checkpoint; compiles and writes nothing.

    Args:
        config: an experiment's config.
        folder: the workdir.
        dataset: the loaded data; None loads it as `config.data` says.

    Raises:
        UserError: the config, the data or the workdir cannot be used.
    """
    config_lib.check(config)
    wandb_log.check(config.log.wandb)
    workdir.check_same(config, folder)
    dataset = data.load(config.data) if dataset is None else dataset
    dataset = sentences.attach(config, scorer.attach(config, dataset))
    layout = Layout(config.trials)
    own = ":" in config.method  # a user's
    with contextlib.closing(make_feed(config, dataset, layout)) as feed:  # its checks come first
        batch = _shapes_of_a_batch(feed, config.trials) if own else {}
    facts = facts_lib.of(config, dataset)
    game = build_game(config, facts)
    refuse_idle(config)
    _check_labels(game, dataset, config)
    sentences.check_game(game, dataset)
    init = make_init(game, config.seed, config.trials, ema=config.ema_decay > 0)
    shapes = jax.eval_shape(init)
    if own:
        one = jax.eval_shape(make_init(game, config.seed, 1, ema=config.ema_decay > 0))
        rehearse(config.method, game, make_step(config, game), one, batch)
    model = inference.Model(
        config, inference.GameFunctions(game), shapes.params, shapes.batch_stats, step=0
    )
    check(config, model, dataset)
    state, seconds, damaged = _resume(config, folder, shapes, facts)
    start = state.steps_made if state else 0
    evaluated = not due(start, config.evaluation.every) or _evaluated(folder, start)
    return Plan(
        dataset, layout, facts, game, init, model, state, start, seconds, damaged, evaluated
    )


def make_step(config: ConfigDict, game: Game) -> TrainStep:
    """The train step of a run's game."""
    return make_train_step(
        game,
        ema_decay=config.ema_decay,
        precision=config.precision,
        accumulate=config.accumulate,
    )


def _shapes_of_a_batch(feed: data.Feed, trials: int) -> Batch:
    """What a step of one device and one trial is given."""
    item = jax.tree.map(lambda leaf: leaf[0, 0] if trials > 1 else leaf[0], next(feed))
    return jax.eval_shape(feed.fetch, feed.arrays, item)


def _check_labels(game: Game, dataset: data.Dataset, config: ConfigDict) -> None:
    """Raises a UserError where the data cannot give the labels that the game reads, or need not."""
    labelled = config.data.labelled
    if labelled and not game.reads_labelled_subset:
        raise UserError(
            f"data.labelled is {labelled}, and this game reads no labelled subset: set "
            "data.labelled=0 (a game of your own that reads one has reads_labelled_subset=True)"
        )
    if game.classes and dataset.train.label is None:
        raise UserError(
            f"the game reads labels, and data.name='{dataset.name}' has none: choose labelled "
            "data, or settings without labels"
        )
    if game.classes and game.classes != dataset.num_classes:
        field = next(
            (f"config.game.{name}" for name in ("components", "classes") if name in config.game),
            "the game's number of classes",
        )
        raise UserError(
            f"the game reads labels of {game.classes} classes, and data.name='{dataset.name}' has "
            f"{dataset.num_classes}: set {field} to that"
        )


def make_feed(
    config: ConfigDict, dataset: data.Dataset, layout: Layout, start: int = 0
) -> data.Feed:
    """The batches of a run from a step on.

    Raises:
        UserError: the batch size does not suit the devices, the data or `accumulate`.
    """
    rows = layout.rows
    each = config.batch_size // rows["num_devices"]
    if each % config.accumulate:
        raise UserError(
            f"accumulate={config.accumulate} does not divide the {each} examples that each device "
            "has of a batch: choose a divisor"
        )
    return data.make_feed(
        dataset,
        batch_size=config.batch_size,
        seeds=[config.seed + trial for trial in range(config.trials)],
        location=config.data.location,
        start_step=start,
        **rows,
    )


def _resume(
    config: ConfigDict, folder: Path, shapes: TrainState, facts: dict[str, Any]
) -> tuple[TrainState | None, float, tuple[int, ...]]:
    """The newest state that can be read, the seconds spent on it, and the steps of damaged ones.

    The state is None where there is no checkpoint.
    """
    with contextlib.closing(Checkpoints(folder, read_only=True)) as checkpoints:
        steps = checkpoints.steps()
        if steps and steps[0] > config.steps:
            raise UserError(
                f"steps is {config.steps:,} but workdir {folder} is at step {steps[0]:,} already: "
                "choose another --workdir, or evaluate that run with --mode=evaluate"
            )
        errors = []
        for step in steps:
            try:
                info = checkpoints.info("latest", step)
            except UserError as error:
                errors.append(error)
                continue
            facts_lib.check(folder, info, facts)  # first: other data can make other networks
            try:
                state = checkpoints.restore(shapes, "latest", step)
            except UserError as error:
                errors.append(error)
                continue
            for error in errors:
                logging.warning("%s", error)
            if errors:
                logging.warning("going on from the checkpoint before, of step %s", f"{step:,}")
            return state, info["seconds"], tuple(steps[: len(errors)])
        if errors:
            raise errors[0]
        return None, 0.0, ()


def _evaluated(folder: Path, step: int) -> bool:
    """Whether the log holds a periodic evaluation of a step."""
    return any(row["kind"] == "evaluate" and row["step"] == step for row in read_log(folder))


def due(step: int, every: int) -> bool:
    """Whether what is done every so many steps is due after a step; never where that is 0."""
    return every > 0 and step > 0 and step % every == 0

"""Models of a run: a game's inference functions compiled, and parameters from its checkpoint."""

import contextlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np
from absl import logging
from ml_collections import ConfigDict

from aae_jax.checkpoint import Checkpoints
from aae_jax.errors import UserError
from aae_jax.game import Game, Params, Play
from aae_jax.methods import build_game
from aae_jax.model import Model
from aae_jax.state import TrainState, Variables, make_init
from aae_jax.trained_model import TrainedModel
from aae_jax.workdir import check_same, read_config


class GameFunctions:
    """A game's inference functions, compiled once and shared by all its models.

    Args:
        game: the method.
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        self._compiled: dict[str, Callable[..., Any]] = {}

    @property
    def names(self) -> Collection[str]:
        """The functions that there are."""
        return self.game.inference.keys()

    @property
    def components(self) -> int:
        """As in `Game`."""
        return self.game.components

    @property
    def encoder_reads_labels(self) -> bool:
        """As in `Game`."""
        return self.game.encoder_reads_labels

    def __getitem__(self, name: str) -> Callable[..., Any]:
        if name not in self._compiled:
            self._compiled[name] = jax.jit(self.pure(name))
        return self._compiled[name]

    def pure(self, name: str) -> Callable[..., Any]:
        """`fn(params, batch_stats, key, step, *inputs)`, to be traced anew wherever it is used.

        Raises:
            UserError: the method has no such function.
        """
        if name not in self.names:
            raise UserError(
                f"the method has no function {name}, only {', '.join(sorted(self.names))}"
            )
        function = self.game.inference[name]

        def apply(
            params: Params, batch_stats: Params, key: jax.Array, step: jax.Array, *inputs: Any
        ) -> Any:
            play = Play(self.game.players, params, batch_stats, key, train=False, step=step)
            return function(play, *inputs)

        return apply


def load_trials(config: ConfigDict, workdir: str | Path) -> list[Model]:
    """Loads the model of each trial from a workdir's checkpoint.

    Args:
        config: the experiment's config; `config.evaluation.checkpoint` says which checkpoint.
        workdir: folder of the run.

    Raises:
        UserError: there is no checkpoint, or it is damaged, of another config or version.
    """
    state, game, _ = _restore(config, Path(workdir))
    return models_from_state(config, GameFunctions(game), state)


def load_trained(config: ConfigDict, workdir: str | Path, trial: int) -> TrainedModel:
    """Loads the model of one trial, for use outside of the run; arguments as in `load_trials`.

    Raises:
        UserError: as `load_trials`, or there is no such trial.
    """
    if not isinstance(trial, int | np.integer) or not 0 <= trial < config.trials:
        has = f"trials 0 to {config.trials - 1}" if config.trials > 1 else "trial 0 only"
        raise UserError(f"there is no trial {trial!r}: the run in {workdir} has {has}")
    state, game, info = _restore(config, Path(workdir))
    variables = _of_trial(config, state.evaluated, trial)
    return TrainedModel(
        config,
        GameFunctions(game),
        variables.params,
        variables.batch_stats,
        state.steps_made,
        example_shape=tuple(info["shape"]),
        class_names=tuple(info.get("class_names", ())),  # older checkpoints do not say
        trial=trial,
        origin=Path(workdir),
    )


def load_of_method(workdir: str | Path, method: str) -> tuple[Model, dict[str, Any]]:
    """Loads the model (of trial 0) of another run, which has to be of a certain method.

    Returns:
        The model, and the facts saved with its checkpoint.

    Raises:
        UserError: the folder holds no trained model of it.
    """
    config = read_config(Path(workdir))
    if config.get("method") != method:
        raise UserError(f"it holds a run of method '{config.get('method')}'")
    state, game, info = _restore(config, Path(workdir))
    return models_from_state(config, GameFunctions(game), state)[0], info


def _restore(config: ConfigDict, workdir: Path) -> tuple[TrainState, Game, dict[str, Any]]:
    """The state in a workdir's checkpoint, its game, and the facts saved with it."""
    check_same(config, workdir)
    which = config.evaluation.checkpoint
    with _quiet(), contextlib.closing(Checkpoints(workdir, read_only=True)) as checkpoints:
        info = checkpoints.info(which)
        game = build_game(config, info)
        init = make_init(game, config.seed, config.trials, ema=config.ema_decay > 0)
        state = checkpoints.restore(jax.eval_shape(init), which)
    return state, game, info


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps back what libraries below warn of when a checkpoint is only read."""
    before = logging.get_verbosity()
    logging.set_verbosity(logging.ERROR)
    try:
        yield
    finally:
        logging.set_verbosity(before)


def models_from_state(
    config: ConfigDict, functions: GameFunctions, state: TrainState
) -> list[Model]:
    """The model of each trial in a train state on the host or on devices."""
    host = jax.device_get(state.evaluated)
    of_trials = [_of_trial(config, host, trial) for trial in range(config.trials)]
    return [Model(config, functions, v.params, v.batch_stats, state.steps_made) for v in of_trials]


def _of_trial(config: ConfigDict, variables: Variables, trial: int) -> Variables:
    """One trial's part of the variables of all, on the device."""
    if config.trials > 1:
        variables = jax.tree.map(lambda a: a[trial], variables)
    return jax.device_put(variables)

"""The state of a game: everything that a step changes, and nothing else.

There is no random key in it: step N draws from keys folded from (seed, N), so resuming is exact.
"""

import functools
from collections.abc import Callable
from typing import Any

import flax.struct
import jax
import jax.numpy as jnp
import numpy as np

from aae_jax import parallel
from aae_jax.game import Game


@flax.struct.dataclass
class Variables:
    """What the networks of all players compute with.

    Attributes:
        params: parameters by player.
        batch_stats: running batch statistics by player; absent players have none.
    """

    params: dict[str, Any]
    batch_stats: dict[str, Any]


@flax.struct.dataclass
class TrainState:
    """Parameters, statistics and optimiser states of all players.

    Flax's own TrainState binds one optimiser to one tree; a game needs one per (phase, player).

    Attributes:
        step: scalar int32, updates of the whole game made so far.
        params: parameters by player.
        batch_stats: running batch statistics by player; absent players have none.
        opt_state: optimiser states by phase, then by player.
        ema: exponential moving averages of `params`, or None when they are switched off.
        settled: batch statistics of the parameters that evaluation uses, as
            `aae_jax.batch_statistics` left them when the state was last saved; at step 0 those of a
            new network.
    """

    step: jax.Array
    params: dict[str, Any]
    batch_stats: dict[str, Any]
    opt_state: dict[str, dict[str, Any]]
    ema: dict[str, Any] | None
    settled: dict[str, Any]

    @property
    def steps_made(self) -> int:
        """Updates made so far, the same in all trials, as a number of the host."""
        return int(np.max(np.asarray(self.step)))

    @property
    def evaluated(self) -> Variables:
        """What evaluation uses: averaged parameters where they are kept, settled statistics."""
        return Variables(self.params if self.ema is None else self.ema, self.settled)


def make_init(game: Game, seed: int, trials: int, *, ema: bool) -> Callable[[], TrainState]:
    """Returns a function that initialises the state of all trials, one seed each.

    With several trials every leaf has a leading trial axis.
    """
    key, _ = parallel.trial_keys(seed, trials)

    def init(key: jax.Array) -> TrainState:
        return init_state(game, key, ema=ema)

    return jax.jit(functools.partial(jax.vmap(init) if trials > 1 else init, key))


def init_state(game: Game, key: jax.Array, *, ema: bool = False) -> TrainState:
    """Initialises all players and optimisers.

    Args:
        game: the method.
        key: scalar key; each player draws from its own part of it, so adding a player leaves the
            others' initial weights as they were only if it comes last.
        ema: keep moving averages.

    Returns:
        A state at step 0.
    """
    params, batch_stats = {}, {}
    for index, (name, player) in enumerate(game.players.items()):
        inputs = [jnp.zeros(spec.shape, spec.dtype) for spec in player.inputs]
        variables = player.network.init(jax.random.fold_in(key, index), *inputs, train=False)
        params[name] = variables["params"]
        if "batch_stats" in variables:
            batch_stats[name] = variables["batch_stats"]
    opt_state = {
        phase.name: {name: opt.init(params[name]) for name, opt in phase.optimizers.items()}
        for phase in game.phases
    }
    return TrainState(
        step=jnp.zeros((), jnp.int32),
        params=params,
        batch_stats=batch_stats,
        opt_state=opt_state,
        # Copies: the step donates its input state, and one buffer cannot be donated twice.
        ema=jax.tree.map(jnp.copy, params) if ema else None,
        settled=jax.tree.map(jnp.copy, batch_stats),
    )

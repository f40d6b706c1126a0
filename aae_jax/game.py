"""The contract between methods and everything else: players, phases and what a phase reports.

A method of a paper is a `Game`: players (networks with parameters of their own), phases (in which
every listed player descends its own loss) and inference functions. Nothing else in the package
knows a method.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax

from aae_jax import parallel
from aae_jax.errors import UserError

Params = Mapping[str, Any]
Batch = Mapping[str, jax.Array]
Code = dict[str, jax.Array]  # the parts of a code, as z and y, each (B, ...)


def spec(*shape: int) -> jax.ShapeDtypeStruct:
    """What a player reads: float32 (B, *shape)."""
    return jax.ShapeDtypeStruct((2, *shape), jnp.float32)


@dataclass(frozen=True)
class Player:
    """A network that owns parameters.

    Attributes:
        network: Flax module, called as `network(*inputs, train=...)`.
        inputs: shapes and dtypes of one call's inputs, batch axis included (any batch size).
    """

    network: nn.Module
    inputs: tuple[jax.ShapeDtypeStruct, ...]


@dataclass(frozen=True)
class Outcome:
    """What a phase reports for one batch.

    Attributes:
        losses: scalar loss of each player, written as in the paper; a player is differentiated on
            its own loss only, so no `stop_gradient` is needed. A mean over the examples at hand:
            devices' and parts' losses are averaged, so that one of pairs of examples (MMD,
            contrastive) sees the pairs within a part, and changes with their number.
        metrics: further scalars to log, under any names but those of `log_fields` and of an
            earlier phase's.
    """

    losses: Mapping[str, jax.Array]
    metrics: Mapping[str, jax.Array] = field(default_factory=dict)


class Play:
    """The players' networks for one evaluation of a phase or of an inference function.

    A pure function's scratch pad: it hands every use of a network fresh randomness, and collects
    the batch statistics that the networks update. Randomness depends on the key and on the place
    of an example in the global batch, never on the number of devices.

    Args:
        players: the game's.
        params: parameters by player.
        batch_stats: batch statistics by player.
        key: what all draws come from; None where there are none.
        train: whether dropout is on and batch statistics move.
        dtype: what the networks compute in; what goes in and out of them is float32.
        opt_state: states of the phase's optimisers by player, for a phase that looks ahead.
        step: int32 scalar, the number of steps made so far, for what changes in training; of a
            trained model those that its parameters have seen. None where that plays no part.

    Attributes:
        params, opt_state, step, train: as given.
        batch_stats: batch statistics by player, as moved so far.
    """

    def __init__(
        self,
        players: Mapping[str, Player],
        params: Params,
        batch_stats: Params,
        key: jax.Array | None = None,
        *,
        train: bool,
        dtype: jnp.dtype = jnp.float32,
        opt_state: Mapping[str, Any] | None = None,
        step: jax.Array | None = None,
    ) -> None:
        self._players = players
        self.params = params
        self.opt_state = opt_state
        self.step = step
        self._key = key
        self._draws = 0
        self._dtype = dtype
        self.train = train
        self.batch_stats = dict(batch_stats)

    def key(self) -> jax.Array:
        """A fresh key, the same on every device.

        Raises:
            ValueError: the evaluation was given no key.
        """
        if self._key is None:
            raise ValueError("this evaluation was given no key, so it cannot draw random numbers")
        self._draws += 1
        return jax.random.fold_in(self._key, self._draws)

    def keys(self, n: int) -> jax.Array:
        """Fresh keys (n,), one per example of this device's part of the batch."""
        return parallel.example_keys(self.key(), n)

    def normal(self, n: int, *shape: int) -> jax.Array:
        """Standard normal draws (n, *shape), one independent draw per example."""
        return jax.vmap(lambda key: jax.random.normal(key, shape))(self.keys(n))

    def __call__(
        self,
        player: str,
        *inputs: Any,
        method: str | None = None,
        params: Any = None,
        look: bool = False,
    ) -> Any:
        """Applies a player's network; in training, its batch statistics move on.

        With `look` they stay as they are, and with `params` in place of its own, too: that is a
        look at what might be.

        Raises:
            UserError: the game has no such player.
        """
        if player not in self._players:
            raise UserError(
                f"there is no player {player!r} in this game: its players are "
                f"{', '.join(self._players)}"
            )
        network = self._players[player].network
        own = self.params[player] if params is None else params
        own, inputs = _cast((own, inputs), self._dtype)
        variables = {"params": own}
        if self.batch_stats.get(player):
            variables["batch_stats"] = self.batch_stats[player]
        if not self.train:
            return network.apply(variables, *inputs, train=False, method=method)
        output, updated = network.apply(
            variables,
            *inputs,
            train=True,
            method=method,
            rngs={"dropout": self.key()},
            mutable=["batch_stats"],
        )
        if params is None and not look and "batch_stats" in updated:
            self.batch_stats[player] = updated["batch_stats"]
        return _cast(output, jnp.float32)


def _cast(tree: Any, dtype: jnp.dtype) -> Any:
    """Converts the floating-point arrays of a pytree."""
    return jax.tree.map(
        lambda a: a.astype(dtype) if jnp.issubdtype(a.dtype, jnp.floating) else a, tree
    )


LossFn = Callable[[Play, Batch], Outcome]
InferenceFn = Callable[..., Any]


@dataclass(frozen=True)
class Phase:
    """One simultaneous update.

    Attributes:
        name: names the phase in logs and in the optimiser state.
        loss_fn: `loss_fn(play, batch) -> Outcome`; sees the parameters that the phase before it
            produced.
        optimizers: an optimiser for each player that this phase updates. A player of two phases
            has a state of its own in each.
        times: how many updates in a row it makes, each on the same batch with draws of its own, as
            a critic's before each of its generator; the last one's losses are logged.
    """

    name: str
    loss_fn: LossFn
    optimizers: Mapping[str, optax.GradientTransformation]
    times: int = 1


@dataclass(frozen=True)
class Game:
    """A method of a paper.

    Attributes:
        players: every network of the method, by name.
        phases: run in this order on every batch.
        inference: functions `fn(play, ...)` of a trained model, under the names that
            `aae_jax.model.Model` documents (encode, decode, prior, predict, ...).
        components: number of mixture components or clusters, 0 where the method has none.
        classes: number of classes that the phases read labels of, 0 where they read none.
        reads_labelled_subset: whether the phases read `x_labelled` and `label_labelled`, the
            minibatches of the subset that `config.data.labelled` asks for.
        encoder_reads_labels: whether encode and posterior are `fn(play, x, given)`, with the part
            of a code that the label gives, rather than `fn(play, x)`.
        vocabulary: number of words of the captions that the phases read, 0 where they read none.
        sentence: dimensions of the sentence embeddings that the phases read in the place of
            captions, 0 where they read none.

    Raises:
        UserError: phases of the same name, or a phase that is played less than once or updates a
            player who does not exist.
    """

    players: Mapping[str, Player]
    phases: tuple[Phase, ...]
    inference: Mapping[str, InferenceFn]
    components: int = 0
    classes: int = 0
    reads_labelled_subset: bool = False
    encoder_reads_labels: bool = False
    vocabulary: int = 0
    sentence: int = 0

    def __post_init__(self) -> None:
        names = [phase.name for phase in self.phases]
        if len(set(names)) < len(names):
            raise UserError(
                f"the game's phases are {', '.join(names)}: give each a name of its own"
            )
        for phase in self.phases:
            if not isinstance(phase.times, int) or phase.times < 1:
                raise UserError(
                    f"phase {phase.name!r} is to be played {phase.times!r} times: give a whole "
                    "number from 1 on"
                )
            if unknown := sorted(set(phase.optimizers) - set(self.players)):
                raise UserError(
                    f"phase {phase.name!r} updates {', '.join(unknown)}: the game's players are "
                    f"{', '.join(self.players)}"
                )

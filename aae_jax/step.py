"""The train step of any game: differentiate, reduce, update."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import optax

from aae_jax import parallel
from aae_jax.errors import UserError
from aae_jax.game import Batch, Game, Outcome, Params, Phase, Play
from aae_jax.log_fields import RESERVED
from aae_jax.state import TrainState

Scalars = dict[str, jax.Array]
TrainStep = Callable[[TrainState, Batch, jax.Array], tuple[TrainState, Scalars]]


def differentiate(
    game: Game,
    phase: Phase,
    params: Params,
    batch_stats: Params,
    batch: Batch,
    key: jax.Array,
    dtype: jnp.dtype = jnp.float32,
    opt_state: Mapping[str, Any] | None = None,
    step: jax.Array | int = 0,
) -> tuple[dict[str, Params], Outcome, Params]:
    """Differentiates every player's loss with respect to that player's parameters only.

    Gradient isolation is structural, so loss functions need no `stop_gradient`. The phase is
    traced and linearised once, so that its forward pass and its random draws are shared whatever
    the compiler merges; then each loss is pulled back alone. What the backward passes yield for
    other players is dropped uncomputed: the compiled step has the floating-point operations of a
    hand-wired one (tests/test_flops.py).

    Args:
        game: the method.
        phase: one of its phases.
        params: parameters by player.
        batch_stats: batch statistics by player.
        batch: this device's examples.
        key: of the phase in this step.
        dtype: what the networks compute in.
        opt_state: states of the phase's optimisers by player, for a phase that looks ahead.
        step: number of steps made so far.

    Returns:
        Gradients by player, the outcome, and the updated batch statistics.

    Raises:
        UserError: the phase's losses are not one number for each player that it updates, or a
            metric is not one number.
    """

    def play_phase(own: Params) -> tuple[Scalars, tuple[Scalars, Scalars, Params]]:
        play = Play(
            game.players,
            {**params, **own},
            batch_stats,
            key,
            train=True,
            dtype=dtype,
            opt_state=opt_state,
            step=step,
        )
        outcome = phase.loss_fn(play, batch)
        _check_outcome(phase, outcome)
        losses = {name: outcome.losses[name] for name in own}
        # Counts too: what is averaged over devices and parts of a batch has to be able to.
        metrics = {n: jnp.asarray(value, jnp.float32) for n, value in outcome.metrics.items()}
        return losses, (dict(outcome.losses), metrics, play.batch_stats)

    own = {name: params[name] for name in phase.optimizers}
    at, push_forward, (losses, metrics, stats) = jax.linearize(play_phase, own, has_aux=True)

    def pull_back(name: str) -> Params:
        (grads,) = jax.linear_transpose(lambda change: push_forward(change)[name], own)(
            jnp.ones_like(at[name])
        )
        return grads[name]

    return {name: pull_back(name) for name in own}, Outcome(losses, metrics), stats


def _check_outcome(phase: Phase, outcome: Outcome) -> None:
    """Refuses a loss that no player has, or none, or one for each example: it would be summed.

    Metrics are to be scalars too, since an axis would be taken for that of trials.
    """
    if not isinstance(outcome, Outcome):
        raise UserError(
            f"phase {phase.name!r}: its loss function gives a {type(outcome).__name__}: it must "
            "give an aae_jax.game.Outcome"
        )
    if set(outcome.losses) != set(phase.optimizers):
        reported = ", ".join(sorted(outcome.losses)) or "no one"
        raise UserError(
            f"phase {phase.name!r} reports losses of {reported} and updates "
            f"{', '.join(sorted(phase.optimizers))}: they must be the same players"
        )
    for name, value in outcome.metrics.items():
        metric = f"phase {phase.name!r}: the metric {name}"
        if name in RESERVED:
            raise UserError(f"{metric} is a name of the log's own: choose another")
        if jnp.shape(value):
            raise UserError(f"{metric} has shape {jnp.shape(value)}: it must be one number")
    for name, loss in outcome.losses.items():
        if jnp.shape(loss):
            raise UserError(
                f"phase {phase.name!r}: the loss of {name} has shape {jnp.shape(loss)}: it must be "
                "one number, such as the mean over the batch"
            )


def numbered_parts(batch: Batch, parts: int) -> tuple[jax.Array, Batch]:
    """Numbers (parts,) of equal parts of a batch, and the parts, leaves (parts, B / parts, ...)."""
    return jnp.arange(parts), jax.tree.map(lambda a: a.reshape(parts, -1, *a.shape[1:]), batch)


def _by_parts(
    game: Game,
    phase: Phase,
    params: Params,
    batch_stats: Params,
    batch: Batch,
    key: jax.Array,
    dtype: jnp.dtype,
    opt_state: Mapping[str, Any],
    step: jax.Array,
    parts: int,
) -> tuple[dict[str, Params], Outcome, Params]:
    """`differentiate` on one part of the batch after the other, in the memory of one part.

    Gradients and reports are means over the parts. Draws are those of the whole batch; batch
    normalisation sees one part at a time.
    """

    def part(stats: Params, item: tuple[jax.Array, Batch]) -> tuple[Any, Any, Params]:
        index, part_batch = item
        with parallel.part_of_batch(index, parts):
            grads, outcome, stats = differentiate(
                game, phase, params, stats, part_batch, key, dtype, opt_state, step
            )
        return grads, (outcome.losses, outcome.metrics), stats

    def add(carry: tuple[Any, Params], item: Any) -> tuple[tuple[Any, Params], None]:
        total, stats = carry
        *new, stats = part(stats, item)
        return (jax.tree.map(lambda a, b: a + b / parts, total, tuple(new)), stats), None

    items = numbered_parts(batch, parts)
    *shapes, _ = jax.eval_shape(part, batch_stats, jax.tree.map(lambda a: a[0], items))
    zeros = jax.tree.map(lambda a: jnp.zeros(a.shape, a.dtype), tuple(shapes))
    ((grads, (losses, metrics)), stats), _ = jax.lax.scan(add, (zeros, batch_stats), items)
    return grads, Outcome(losses, metrics), stats


def make_train_step(
    game: Game, *, ema_decay: float = 0.0, precision: str = "float32", accumulate: int = 1
) -> TrainStep:
    """Builds the pure train step of a game.

    Args:
        game: the method.
        ema_decay: decay of the moving averages of parameters, in [0, 1); 0 keeps none.
        precision: "float32", or "bfloat16" to compute the networks in it. Parameters, statistics,
            losses and optimisers are float32 either way.
        accumulate: parts that a device's batch is split into and computed one by one; a divisor of
            its size.

    Returns:
        `step(state, batch, key) -> (state, metrics)` for one device's part of the batch and one
        trial. `key` is the trial's base key; it is the same on every device and at every step.
        Metrics are scalars: each player's loss as `<phase>/<player>`, and the methods' own.
    """
    dtype = jnp.dtype(precision)
    gradients = functools.partial(_by_parts, parts=accumulate) if accumulate > 1 else differentiate

    def step(
        state: TrainState, batch: Batch, key: jax.Array
    ) -> tuple[TrainState, dict[str, jax.Array]]:
        key = jax.random.fold_in(key, state.step)
        params, batch_stats = dict(state.params), dict(state.batch_stats)
        opt_state, metrics = {}, {}
        for index, phase in enumerate(game.phases):
            own = dict(state.opt_state[phase.name])
            for turn in range(phase.times):
                grads, outcome, batch_stats = gradients(
                    game,
                    phase,
                    params,
                    batch_stats,
                    batch,
                    jax.random.fold_in(key, index + turn * len(game.phases)),
                    dtype,
                    own,
                    state.step,
                )
                report = {f"{phase.name}/{name}": loss for name, loss in outcome.losses.items()}
                report |= outcome.metrics
                grads, batch_stats, report = parallel.mean((grads, batch_stats, report))
                for name, optimizer in phase.optimizers.items():
                    updates, own[name] = optimizer.update(grads[name], own[name], params[name])
                    params[name] = optax.apply_updates(params[name], updates)
            opt_state[phase.name] = own
            if twice := sorted(metrics.keys() & report):
                raise UserError(
                    f"phase {phase.name} reports {', '.join(twice)}, as an earlier phase does: "
                    "give them other names"
                )
            metrics |= report
        ema = state.ema
        if ema is not None:
            ema = jax.tree.map(
                lambda old, new: ema_decay * old + (1 - ema_decay) * new,
                ema,
                params,
            )
        state = TrainState(state.step + 1, params, batch_stats, opt_state, ema, state.settled)
        return state, metrics

    return step

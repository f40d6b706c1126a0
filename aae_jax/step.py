"""The train step of any game: differentiate, reduce, update."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import optax

from aae_jax import parallel
from aae_jax.game import Batch, Game, Outcome, Params, Phase, Play
from aae_jax.state import TrainState

TrainStep = Callable[[TrainState, Batch, jax.Array], tuple[TrainState, dict[str, jax.Array]]]


def differentiate(
    game: Game,
    phase: Phase,
    params: Params,
    batch_stats: Params,
    batch: Batch,
    key: jax.Array,
) -> tuple[dict[str, Params], Outcome, Params]:
    """Differentiates every player's loss with respect to that player's parameters only.

    Gradient isolation is structural, so loss functions need no `stop_gradient`. The phase is
    traced and linearised once, so that its forward pass and its random draws are shared whatever
    the compiler merges; then each loss is pulled back alone. What the backward passes yield for
    other players is dropped uncomputed: the compiled step has the floating-point operations of a
    hand-wired one (tests/test_flops.py).

    Returns:
        Gradients by player, the outcome, and the updated batch statistics.
    """

    def play_phase(own: Params) -> tuple[dict[str, jax.Array], tuple[Outcome, Params]]:
        play = Play(game.players, {**params, **own}, batch_stats, key, train=True)
        outcome = phase.loss_fn(play, batch)
        losses = {name: outcome.losses[name] for name in own}
        return losses, (dict(outcome.losses), dict(outcome.metrics), play.batch_stats)

    own = {name: params[name] for name in phase.optimizers}
    at, push_forward, (losses, metrics, stats) = jax.linearize(play_phase, own, has_aux=True)

    def pull_back(name: str) -> Params:
        (grads,) = jax.linear_transpose(lambda change: push_forward(change)[name], own)(
            jnp.ones_like(at[name])
        )
        return grads[name]

    return {name: pull_back(name) for name in own}, Outcome(losses, metrics), stats


def make_train_step(game: Game, *, ema_decay: float = 0.0) -> TrainStep:
    """Builds the pure train step of a game.

    Args:
        game: the method.
        ema_decay: decay of the parameters' moving average, in [0, 1); 0 keeps none.

    Returns:
        `step(state, batch, key) -> (state, metrics)` for one device's part of the batch and one
        trial. `key` is the trial's base key; it is the same on every device and at every step.
        Metrics are scalars: each player's loss as `<phase>/<player>`, and the methods' own.
    """

    def step(
        state: TrainState, batch: Batch, key: jax.Array
    ) -> tuple[TrainState, dict[str, jax.Array]]:
        key = jax.random.fold_in(key, state.step)
        params, batch_stats = dict(state.params), dict(state.batch_stats)
        opt_state, metrics = {}, {}
        for index, phase in enumerate(game.phases):
            grads, outcome, batch_stats = differentiate(
                game, phase, params, batch_stats, batch, jax.random.fold_in(key, index)
            )
            report = {f"{phase.name}/{name}": loss for name, loss in outcome.losses.items()}
            report |= outcome.metrics
            grads, batch_stats, report = parallel.mean((grads, batch_stats, report))
            metrics |= report
            opt_state[phase.name] = {}
            for name, optimizer in phase.optimizers.items():
                updates, opt_state[phase.name][name] = optimizer.update(
                    grads[name], state.opt_state[phase.name][name], params[name]
                )
                params[name] = optax.apply_updates(params[name], updates)
        ema_params = state.ema_params
        if ema_params is not None:
            ema_params = jax.tree.map(
                lambda old, new: ema_decay * old + (1 - ema_decay) * new, ema_params, params
            )
        state = TrainState(state.step + 1, params, batch_stats, opt_state, ema_params)
        return state, metrics

    return step

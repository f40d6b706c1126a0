"""A user's own game, played once in shapes, before anything is compiled or written."""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.game import Batch, Game, Play
from aae_jax.state import TrainState


def rehearse(
    reference: str,
    game: Game,
    step: Callable[..., Any],
    state: TrainState,
    batch: Batch,
) -> None:
    """Plays a step and the usual inference functions in shapes alone; computes nothing.

    Args:
        reference: `config.method`.
        game: the user's.
        step: its train step.
        state: a state of one trial, in shapes.
        batch: a batch, in shapes.

    Raises:
        UserError: one of them fails, or codes or images do not have the shapes that they must.
    """
    where = f"method is {reference!r}"
    key = jax.eval_shape(lambda: jax.random.key(0))
    with user_code.blamed(f"{where}: a train step"):
        after, _ = jax.eval_shape(step, state, batch, key)
    before = {jax.tree_util.keystr(path): a for path, a in jax.tree.leaves_with_path(state)}
    for path, a in jax.tree.leaves_with_path(after):
        name = jax.tree_util.keystr(path)
        if name not in before or (a.shape, a.dtype) != (before[name].shape, before[name].dtype):
            was = _described(before[name]) if name in before else "nothing"
            raise UserError(
                f"{where}: a train step makes {_described(a)} of the state's {name}, which was "
                f"{was}: what a step takes and gives must have the same parts and shapes"
            )

    def play(name: str, *inputs: Any) -> Any:
        def run(params: Any, batch_stats: Any, key: jax.Array, *inputs: Any) -> Any:
            play = Play(game.players, params, batch_stats, key, train=False)
            return game.inference[name](play, *inputs)

        with user_code.blamed(f"{where}: inference function {name}"):
            return jax.eval_shape(run, state.params, state.batch_stats, key, *inputs)

    def need(holds: bool, name: str, found: Any, what: str) -> None:
        if not holds:
            raise UserError(
                f"{where}: inference function {name} gives {_described(found)}: it must give {what}"
            )

    x = batch["x"]
    parts = None
    if "prior" in game.inference:
        code = play("prior", jax.ShapeDtypeStruct(x.shape[:1], jnp.int32))
        need(_is_code(code, x.shape[0]), "prior", code, _CODE)
        parts = _described(code)
        if "decode" in game.inference:
            decoded = play("decode", code)
            shape = getattr(decoded, "shape", None)
            need(shape == x.shape, "decode", decoded, f"examples {list(x.shape)}")
    if "encode" in game.inference and not game.encoder_reads_labels:
        encoded = play("encode", x)
        need(_is_code(encoded, x.shape[0]), "encode", encoded, _CODE)
        if parts and "condition" not in game.inference:
            need(_described(encoded) == parts, "encode", encoded, f"what the prior gives, {parts}")


_CODE = 'a dict of arrays with the examples first, as {"z": z}'


def _is_code(code: Any, n: int) -> bool:
    return isinstance(code, Mapping) and all(
        getattr(part, "shape", ())[:1] == (n,) for part in code.values()
    )


def _described(found: Any) -> str:
    """Arrays and their shapes, in words."""
    if isinstance(found, Mapping):
        return "{" + ", ".join(f"{name}: {_described(found[name])}" for name in sorted(found)) + "}"
    shape = getattr(found, "shape", None)
    return type(found).__name__ if shape is None else f"{found.dtype}{list(shape)}"

"""The JAX train step with all that it draws and differentiates brought to light."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import jax
import jax.custom_batching
import numpy as np

from aae_jax import step as jax_step
from aae_jax.game import Batch, Game
from aae_jax.networks import dropout
from aae_jax.state import TrainState

_KINDS = {"normal": "normal", "uniform": "uniform", "randint": "integers"}


@dataclass(frozen=True)
class RecordedStep:
    """A train step of JAX.

    Attributes:
        draws: what was drawn and its array, in the order of the calls, for `draws.Recorded`.
        gradients: by phase and player.
        metrics: what the step reports.
        state: after the step.
    """

    draws: list[tuple[str, np.ndarray]]
    gradients: dict[str, dict[str, Any]]
    metrics: dict[str, np.ndarray]
    state: TrainState


def recorder(game: Game, **options) -> Callable[[TrainState, Batch, jax.Array], RecordedStep]:
    """The step of `make_train_step(game, **options)`, recorded; compiled when first called.

    The draws are further outputs of the very program that uses them.
    """
    kinds = []

    def step(state: TrainState, batch: Batch, key: jax.Array) -> Any:
        with _recording() as (draws, gradients):
            after, metrics = jax_step.make_train_step(game, **options)(state, batch, key)
        kinds[:] = [kind for kind, _ in draws]
        return [array for _, array in draws], gradients, metrics, after

    # It runs for milliseconds, so it is worth no optimisation.
    compiled = jax.jit(step, compiler_options={"xla_backend_optimization_level": 0})

    def record(state: TrainState, batch: Batch, key: jax.Array) -> RecordedStep:
        # Copies, which can be written to, as PyTorch wants.
        arrays, *others = jax.tree.map(np.array, compiled(state, batch, key))
        return RecordedStep(list(zip(kinds, arrays, strict=True)), *others)

    return record


@contextmanager
def _recording() -> Iterator[tuple[list[tuple[str, jax.Array]], dict[str, Any]]]:
    draws, gradients = [], {}

    def drawing(name: str):
        original = getattr(jax.random, name)

        def draw(key: jax.Array, *args) -> jax.Array:
            """Methods draw under `vmap`, example by example; its rule sees all examples."""

            @jax.custom_batching.custom_vmap
            def one(key: jax.Array) -> jax.Array:
                return original(key, *args)

            @one.def_vmap
            def all_examples(n: int, batched: list[bool], keys: jax.Array) -> tuple:
                del n, batched
                array = jax.vmap(lambda key: original(key, *args))(keys)
                draws.append((_KINDS[name], array))
                return array, True

            return one(key)

        return mock.patch.object(jax.random, name, draw)

    def bits(*args) -> jax.Array:
        array = original_bits(*args)
        draws.append(("bits", array))
        return array

    def differentiate(game: Game, phase: Any, *args) -> Any:
        result = original_differentiate(game, phase, *args)
        gradients[phase.name] = result[0]
        return result

    original_bits, original_differentiate = dropout._bits, jax_step.differentiate
    with (
        drawing("normal"),
        drawing("uniform"),
        drawing("randint"),
        mock.patch.object(dropout, "_bits", bits),
        mock.patch.object(jax_step, "differentiate", differentiate),
    ):
        yield draws, gradients

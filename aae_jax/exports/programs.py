"""Inference functions as programs of their own: traced for any platform and number of examples."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.export
import numpy as np
from absl import logging

from aae_jax.errors import UserError, reason
from aae_jax.exports.layout import flatten, this_platform
from aae_jax.exports.signatures import inputs
from aae_jax.model import FEW, MANY
from aae_jax.networks import convolution
from aae_jax.trained_model import TrainedModel

PLATFORMS = ("cpu", "cuda", "tpu")

# A typed key has no form in a program's signature; this is its data, of JAX's default generator.
KEY_IMPLEMENTATION = "threefry2x32"
_KEY = jax.ShapeDtypeStruct((2,), np.uint32)


@dataclass(frozen=True)
class Program:
    """One inference function, serialised.

    Attributes:
        name: as `Model.has` names it.
        size: number of examples that it takes, None for any.
        platforms: where it runs.
        inputs: shapes and dtypes of what it takes besides weights and key.
        output: shapes and dtypes of what it gives.
        content: what `jax.export.deserialize` reads.
    """

    name: str
    size: int | None
    platforms: tuple[str, ...]
    inputs: tuple[Any, ...]
    output: Any
    content: bytes


def make(model: TrainedModel, name: str) -> list[Program]:
    """Exports one inference function, `fn(weights, key, *inputs)`.

    `weights` are all arrays of `flatten` by their names, `key` is uint32 (2,). One program for any
    number of examples and all `PLATFORMS` where the function allows it. Else two programs, of FEW
    and of MANY examples, and at last for this machine's platform only.

    Raises:
        UserError: the function cannot be exported at all, say since it calls back into Python.
    """
    last = (this_platform(),)
    function = _flat(model, name)
    for platforms, sizes in [
        (PLATFORMS, (None,)),
        (PLATFORMS, (FEW, MANY)),
        (last, (None,)),
        (last, (FEW, MANY)),
    ]:
        try:
            return [_program(model, name, function, size, platforms) for size in sizes]
        except UserError:
            raise
        except Exception as error:  # A network of the user's own may raise anything.
            failure = error
            logging.debug("export of %s for %s, %s failed", name, platforms, sizes, exc_info=True)
    raise UserError(
        f"the function {name} cannot be exported ({type(failure).__name__}: {reason(failure)}): "
        "write it with jax.numpy only"
    ) from failure


def _flat(model: TrainedModel, name: str) -> Callable[..., Any]:
    """The function of arrays by their names and of a key's data."""
    names = tuple(flatten(model.params, model.batch_stats))
    tree = jax.tree.structure((model.params, model.batch_stats))
    function = model.functions.pure(name)

    def apply(weights: dict[str, jax.Array], key: jax.Array, *given: Any) -> Any:
        params, batch_stats = jax.tree.unflatten(tree, [weights[name] for name in names])
        key = jax.random.wrap_key_data(key, impl=KEY_IMPLEMENTATION)
        return function(params, batch_stats, key, model.step, *given)

    return apply


def _program(
    model: TrainedModel,
    name: str,
    function: Callable[..., Any],
    size: int | None,
    platforms: Sequence[str],
) -> Program:
    n = jax.export.symbolic_shape("N")[0] if size is None else size
    given = inputs(model, name, n)
    weights = jax.tree.map(
        lambda a: jax.ShapeDtypeStruct(a.shape, a.dtype), flatten(model.params, model.batch_stats)
    )
    with convolution.portable():
        # A function anew, since jit would give what it traced for other sizes or operators.
        traced = jax.jit(lambda *arguments: function(*arguments))
        exported = jax.export.export(traced, platforms=platforms)(weights, _KEY, *given)
    return Program(
        name=name,
        size=size,
        platforms=exported.platforms,
        inputs=given,
        output=jax.tree.unflatten(exported.out_tree, exported.out_avals),
        content=bytes(exported.serialize()),
    )

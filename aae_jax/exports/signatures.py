"""What each inference function takes, without its parameters."""

from typing import Any

import jax
import numpy as np

from aae_jax.errors import UserError
from aae_jax.model import FEW
from aae_jax.trained_model import TrainedModel


def inputs(model: TrainedModel, name: str, n: Any) -> tuple[Any, ...]:
    """Shapes and dtypes of an inference function's inputs.

    Args:
        model: the model that has it.
        name: the function, as `Model.has` names it.
        n: number of examples, which may be a symbol.

    Raises:
        UserError: a function that this table does not know.
    """

    def floats(*shape: int) -> jax.ShapeDtypeStruct:
        return jax.ShapeDtypeStruct((n, *shape), np.float32)

    x, index = floats(*model.example_shape), jax.ShapeDtypeStruct((n,), np.int32)
    if name in ("encode", "posterior"):
        return (x, _given(model, n)) if model.functions.encoder_reads_labels else (x,)
    if name in ("predict", "features"):
        return (x,)
    if name in ("prior", "condition"):  # the component, -1 for any; the label
        return (index,)
    if name == "decode":
        return ({part: floats(*shape) for part, shape in model.code_shapes.items()},)
    if name in ("log_joint", "component_of"):
        return (floats(*model.code_shapes["z"]),)
    if name == "caption_prior":
        return (floats(model.config.game.sentence),)
    if name in ("embed", "caption_nll"):
        raise UserError(
            f"cannot export the function {name}: it reads captions of any length, and a program "
            "those of one; use the caption encoder's workdir"
        )
    if name == "axis":
        return (floats(),)
    raise UserError(
        f"cannot export the function {name}: say in aae_jax/exports/signatures.py what it takes"
    )


def _given(model: TrainedModel, n: Any) -> dict[str, jax.ShapeDtypeStruct]:
    """The part of a code that labels give."""
    given = model.outline("condition", jax.ShapeDtypeStruct((FEW,), np.int32))
    return {
        part: jax.ShapeDtypeStruct((n, *array.shape[1:]), array.dtype)
        for part, array in given.items()
    }

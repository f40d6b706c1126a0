"""A method of a user's own, `config.method = "my_module:name"`: found and checked."""

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.game import Game
from aae_jax.methods.method import Method


def find(reference: str) -> Method:
    """The method that a config names: a `Method`, or a function that builds the game.

    The function alone, `build(config, shape, steps_per_epoch) -> Game`, makes a method of that
    name, without a paper, which may have any fields in `config.game`.

    Raises:
        UserError: it is not found or takes other arguments; when its game is built, it fails or
            gives something else.
    """
    kind = "a function that builds a game, or an aae_jax.methods.Method"
    found = user_code.find(reference, "method", kind, (Method, Callable))
    method = found if isinstance(found, Method) else Method(found, title=reference)
    return dataclasses.replace(method, build=_checked(method, f"method is {reference!r}"))


def _checked(method: Method, where: str) -> Callable[..., Game]:
    names = ["config", "shape", "steps_per_epoch"]
    names += ["frequencies"] if method.reads_frequencies else []

    def checked(*given: Any) -> Game:
        with user_code.blamed(where):
            game = method.build(*given)
        if not isinstance(game, Game):
            raise UserError(
                f"{where}: it gives a {type(game).__name__}, and must give an aae_jax.game.Game"
            )
        return game

    try:
        inspect.signature(method.build).bind(*names)
    except TypeError as error:
        raise UserError(f"{where}: it must take ({', '.join(names)}): {error}") from error
    return checked

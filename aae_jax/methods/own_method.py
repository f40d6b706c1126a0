"""A method of a user's own, `config.method = "my_module:build"`: found and checked."""

import inspect
from collections.abc import Callable

from ml_collections import ConfigDict

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.game import Game


def find_build(reference: str) -> Callable[..., Game]:
    """The function `build(config, shape, steps_per_epoch) -> Game` that a config names.

    Raises:
        UserError: it is not found or takes other arguments; when it is called, it fails or gives
            something else.
    """
    where = f"method is {reference!r}"
    build = user_code.find(reference, "method", "build")

    def checked(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
        with user_code.blamed(where):
            game = build(config, shape, steps_per_epoch)
        if not isinstance(game, Game):
            raise UserError(
                f"{where}: it gives a {type(game).__name__}, and must give an aae_jax.game.Game"
            )
        return game

    try:
        inspect.signature(build).bind(ConfigDict(), (), 1)
    except TypeError as error:
        raise UserError(
            f"{where}: it must take (config, shape, steps_per_epoch): {error}"
        ) from error
    return checked

"""Fields of `config.game` that the value of another one leaves unread."""

from collections.abc import Callable
from typing import Any

from ml_collections import ConfigDict

from aae_jax.errors import UserError

# Field -> the field that decides, and with which of its values the first is read.
_READ_WITH: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "noise_epochs": ("noise", bool),
    "norm": ("cycle", bool),
    "prior_radius": ("prior", lambda prior: prior == "fixed"),
    "prior_epochs": ("prior", lambda prior: prior == "fixed"),
    "prior_first_radius": ("prior_epochs", bool),
    "eta": ("posterior", lambda posterior: posterior == "implicit"),
    "classes": ("labels", lambda labels: labels != "none"),
    "components": ("condition", lambda condition: condition in ("label", "categorical")),
    "sentence": ("condition", lambda condition: condition == "text"),
    "information": ("condition", lambda condition: condition != "none"),
}


def refuse(game: ConfigDict, defaults: ConfigDict) -> None:
    """Raises a UserError where a field was changed that nothing reads.

    Args:
        game: `config.game`.
        defaults: as the method's `options()` gives it.
    """
    for field, (choice, reads) in _READ_WITH.items():
        if not {field, choice} <= set(game) or reads(game[choice]):
            continue
        if game[field] != defaults[field]:
            raise UserError(
                f"game.{field} is {game[field]!r}, which nothing reads where game.{choice} is "
                f"{game[choice]!r}: leave it at {defaults[field]!r}, or change that"
            )

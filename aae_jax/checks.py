"""Checks of single fields of a config, each worded in one way."""

from collections.abc import Iterable
from typing import Any

from aae_jax.errors import UserError


def choice(field: str, value: Any, known: Iterable[Any]) -> None:
    """Raises a UserError unless the value is one of those that there are."""
    known = list(known)
    if value not in known:
        raise UserError(f"{field} is {value!r}: choose one of {', '.join(map(str, known))}")


def positive(field: str, value: float) -> None:
    """Raises a UserError unless the value is above 0."""
    if not value > 0:
        raise UserError(f"{field} is {value}: it must be positive")


def at_least(field: str, value: float, least: float) -> None:
    """Raises a UserError where the value is below the least."""
    if not value >= least:
        raise UserError(f"{field} is {value}: it must be at least {least}")


def share(field: str, value: float) -> None:
    """Raises a UserError unless the value is at least 0 and below 1, as a rate of dropout is."""
    if not 0 <= value < 1:
        raise UserError(f"{field} is {value}: it must be at least 0 and below 1")


def within(field: str, value: float, least: float, most: float) -> None:
    """Raises a UserError unless the value lies from `least` to `most`, both included."""
    at_least(field, value, least)
    if not value <= most:
        raise UserError(f"{field} is {value}: it must be at most {most:,}")

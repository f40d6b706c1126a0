"""What a config names by `module:name`: code of the user's own, from outside of this package."""

import contextlib
import importlib
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aae_jax.errors import UserError

_LIBRARIES = {"site-packages", "dist-packages", "importlib", "<frozen importlib._bootstrap>"}
_HERE = str(Path(__file__).parent)


def find(
    reference: str,
    field: str,
    kind: str = "a function",
    instance_of: type | tuple[type, ...] = Callable,
) -> Any:
    """Imports what `module:name` names.

    Args:
        reference: the module importable from the current folder, the config file's or PYTHONPATH.
        field: the config's field that holds it, for messages.
        kind: what it should be, in words with an article, for messages.
        instance_of: what it must be an instance of.

    Raises:
        UserError: another form, a module that is not found or fails, or nothing of the kind in it.
    """
    module, _, name = reference.partition(":")
    where = f"{field} is {reference!r}"
    if not (module and name):
        raise UserError(f"{where}: it must be 'module:name', the name of {kind}")
    try:
        imported = importlib.import_module(module)
    except Exception as error:  # A user's module is a program and may raise anything.
        # The module itself, or the package that it lies in: not one that it imports in turn.
        absent = isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(
            f"{error.name}."
        )
        beside = "put the module beside the config, or its folder in PYTHONPATH"
        hint = beside if absent else "mend the module"
        raise UserError(f"{where}: {explain(error)}; {hint}") from error
    if not hasattr(imported, name):
        raise UserError(f"{where}: module {module} has no {name!r}, which should be {kind}")
    found = getattr(imported, name)
    if not isinstance(found, instance_of):
        raise UserError(f"{where}: it is of type {type(found).__name__}, and must be {kind}")
    return found


@contextlib.contextmanager
def blamed(where: str) -> Iterator[None]:
    """Turns what a user's code raises within into one line; our own complaints pass.

    Raises:
        UserError: `where` fails, why, and in which of the user's lines.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # A user's code may raise anything.
        raise UserError(f"{where} fails with {explain(error)}") from error


def explain(error: Exception) -> str:
    """What a user's code raised, on one line, and in which line of a file of the user's."""
    first = (str(error).splitlines() or [""])[0]
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not _LIBRARIES.intersection(Path(frame.filename).parts) and _HERE not in frame.filename
    ]
    place = f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""
    return f"{type(error).__name__}: {first}{place}"

"""Event loops for Orbax that keep to themselves what fails after a first failure."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from absl import logging


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that is silent about what else fails once something has.

    Orbax moves many arrays at once, raises the first failure and closes its loop. Each of the
    others would then find the loop closed and print a traceback from a thread of its own, or leave
    an exception behind that nobody asks for, which asyncio prints.
    """

    def call_soon_threadsafe(
        self, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        try:
            return super().call_soon_threadsafe(callback, *args, context=context)
        except RuntimeError:
            if not self.is_closed():
                raise
            return asyncio.Handle(callback, args, self, context)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        logging.debug("a checkpoint: %s", context.get("message"), exc_info=context.get("exception"))


@contextlib.contextmanager
def used() -> Iterator[None]:
    """Has Orbax use such loops."""
    original, asyncio.new_event_loop = asyncio.new_event_loop, _Loop
    try:
        yield
    finally:
        asyncio.new_event_loop = original

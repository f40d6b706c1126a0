"""TFDS-style split slices, the same for every source: 'train[:55000]', 'test[-10%:]', 'a+b'."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aae_jax.errors import UserError

_PART = re.compile(r"\s*(\w+)\s*(\[\s*(-?\d+%?)?\s*:\s*(-?\d+%?)?\s*\])?\s*")


@dataclass(frozen=True)
class Interval:
    """Examples [start, stop) of one split of a source."""

    split: str
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


def parse(text: str, sizes: Mapping[str, int], field: str, origin: str) -> list[Interval]:
    """Reads a slice expression.

    Bounds are counts or percentages of the split (rounded to the nearest example, as TFDS does);
    negative ones count from the end.

    Args:
        text: one or more of 'split', 'split[from:to]', joined by '+'.
        sizes: number of examples of each split that exists.
        field: the config field, for messages.
        origin: where the data comes from, for messages.

    Returns:
        The non-empty intervals, in the order written.

    Raises:
        UserError: unknown split, bound outside the split, empty slice, or not an expression.
    """
    return [_parse_part(part, text, sizes, field, origin) for part in text.split("+")]


def overlap(first: list[Interval], second: list[Interval]) -> int:
    """Number of examples that two lists of intervals share (each pair counted once)."""
    return sum(
        max(0, min(a.stop, b.stop) - max(a.start, b.start))
        for a in first
        for b in second
        if a.split == b.split
    )


def _parse_part(
    part: str, text: str, sizes: Mapping[str, int], field: str, origin: str
) -> Interval:
    match = _PART.fullmatch(part)
    if match is None:
        raise UserError(
            f"{field}='{text}' is not a split: write 'train', 'train[:5000]', 'train[10%:]', "
            "'test[-1000:]' or a union 'train+extra'"
        )
    split, _, first, last = match.groups()
    if split not in sizes:
        found = ", ".join(f"'{name}' ({size:,})" for name, size in sizes.items())
        example = next(iter(sizes))
        raise UserError(
            f"{field}='{text}': {origin} has no split '{split}', only {found}; name one of these, "
            f"or a slice such as '{example}[:80%]'"
        )
    # TFDS silently reads the count in '10%:500' as a percentage too.
    if first and last and first.endswith("%") != last.endswith("%"):
        raise UserError(f"{field}='{text}' mixes a percentage with a count: use one of them")
    size = sizes[split]
    start, stop = _bound(first, size, 0), _bound(last, size, size)
    if not 0 <= start <= size or not 0 <= stop <= size:
        raise UserError(
            f"{field}='{text}' goes beyond split '{split}' of {origin}, which has {size:,} examples"
        )
    if start >= stop:
        raise UserError(f"{field}='{text}': '{part.strip()}' holds no examples of {size:,}")
    return Interval(split, start, stop)


def _bound(text: str | None, size: int, default: int) -> int:
    if text is None:
        return default
    value = round(int(text[:-1]) * size / 100) if text.endswith("%") else int(text)
    return value + size if value < 0 else value

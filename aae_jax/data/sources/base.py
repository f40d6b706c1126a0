"""The one interface behind which every source of examples stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from aae_jax.data.aspects import Aspect
from aae_jax.data.modes import Modes
from aae_jax.data.stream import generator

# Images uint8 [n, H, W, C], or a list of [H, W, C] where sizes differ, or points float32 [n, D];
# with integer labels [n], or None.
Block = tuple[Sequence[np.ndarray], np.ndarray | None]
# Split -> the captions of each of its examples.
CaptionsBySplit = Mapping[str, Sequence[Sequence[str]]]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Source:
    """Where examples come from, opened but not yet read.

    Attributes:
        origin: the source in words, for messages and for the provenance note.
        splits: number of examples of each split.
        num_classes: labels are in [0, num_classes); 0 means no labels.
        read: `read(split, start, stop)` yields the examples [start, stop) in blocks, in order.
        files: all files behind it; decoded examples are cached under their identity, so a source
            without files is never cached.
        lossy: stored in a lossy format, to be said next to any figure.
        modes: the modes of generated data, None where they are not known.
        owned: a user's own files, which may have no split 'test'; a part of 'train' is then held
            out for it.
        captions: of each split, at least one caption of each example; None for data without.
        aspects: what the labels say of the examples in several respects, () where they do not.
        class_names: of each label, () where they have no names but numbers.
    """

    origin: str
    splits: Mapping[str, int]
    num_classes: int
    read: Callable[[str, int, int], Iterator[Block]]
    files: tuple[Path, ...] = ()
    lossy: bool = False
    modes: Modes | None = None
    owned: bool = False
    captions: CaptionsBySplit | None = None
    aspects: tuple[Aspect, ...] = ()
    class_names: tuple[str, ...] = ()

    @property
    def lacks_test(self) -> bool:
        """Whether a part of 'train' must be held out for tests."""
        return self.owned and "train" in self.splits and "test" not in self.splits


def in_memory(
    origin: str,
    splits: Mapping[str, Block],
    num_classes: int,
    files: tuple[Path, ...] = (),
    modes: Modes | None = None,
    captions: CaptionsBySplit | None = None,
    aspects: tuple[Aspect, ...] = (),
) -> Source:
    """A source whose splits are arrays at hand: {name: (data, label or None)}."""

    def read(split: str, start: int, stop: int) -> Iterator[Block]:
        data, label = splits[split]
        yield data[start:stop], None if label is None else label[start:stop]

    sizes = {name: len(data) for name, (data, _) in splits.items()}
    return Source(
        origin,
        sizes,
        num_classes,
        read,
        files,
        modes=modes,
        captions=captions,
        aspects=aspects,
    )


def visible(folder: Path) -> list[Path]:
    """What lies in a folder, less what file managers and notebooks hide there."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__")))


def shuffled(items: Sequence[Item]) -> list[Item]:
    """In a fixed order that mixes the classes, so that a slice holds all of them."""
    rng = generator(0)
    return [items[i] for i in rng.permutation(len(items))]

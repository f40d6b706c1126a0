"""Captions of images: words, their numbers, and which captions belong to which image."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from aae_jax.errors import UserError

END, UNKNOWN = 0, 1  # numbers that are no words of the vocabulary: padding too, and any other word
_SPECIAL = 2

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def words(text: str) -> list[str]:
    """The words of a text, in lower case and without punctuation."""
    return _WORD.findall(text.lower())


def words_of_caption(text: str) -> list[str]:
    """The same, at least one.

    Raises:
        UserError: it holds none.
    """
    found = words(text)
    if not found:
        raise UserError(f"the caption {text!r} has no words: write what the image shows")
    return found


@dataclass(frozen=True)
class Vocabulary:
    """Words by number, and how captions become rows of numbers.

    Attributes:
        words: the word of number i + 2; the numbers before are `END` and `UNKNOWN`.
        length: numbers of a row.
    """

    words: tuple[str, ...]
    length: int
    _number: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        number = {word: i + _SPECIAL for i, word in enumerate(self.words)}
        object.__setattr__(self, "_number", number)

    def __len__(self) -> int:
        """How many numbers there are, the special ones included."""
        return len(self.words) + _SPECIAL

    def tokens(self, texts: Sequence[str]) -> np.ndarray:
        """Rows of word numbers, int32 [N, length].

        A caption with more words than `length` is cut, a shorter one filled up with `END`.

        Raises:
            UserError: a text holds no words.
        """
        rows = np.full((len(texts), self.length), END, np.int32)
        for row, text in zip(rows, texts, strict=True):
            found = words_of_caption(text)[: self.length]
            row[: len(found)] = [self._number.get(word, UNKNOWN) for word in found]
        return rows


def make_vocabulary(texts: Iterable[str], size: int, length: int) -> Vocabulary:
    """The vocabulary of the captions that are trained on.

    Args:
        texts: the captions.
        size: numbers at most, the special ones included; the most frequent words get them.
        length: numbers of a row; 0 for as many as the longest caption has words.
    """
    split = [words(text) for text in texts]
    counts = Counter(word for caption in split for word in caption)
    # By frequency, then by the alphabet: the same on every machine.
    known = sorted(counts, key=lambda word: (-counts[word], word))[: size - _SPECIAL]
    return Vocabulary(tuple(known), length or max(map(len, split)))


@dataclass(frozen=True)
class Captions:
    """The captions of a split's images.

    Attributes:
        texts: all captions, those of an image side by side.
        starts: int32 [N + 1]: image i has the captions starts[i] to starts[i + 1] - 1.
        values: what networks read of each caption: rows of word numbers, int32 [M, length], or
            embeddings of the sentences, float32 [M, d].
    """

    texts: tuple[str, ...]
    starts: np.ndarray
    values: np.ndarray

    def of(self, image: int) -> tuple[str, ...]:
        """The captions of an image."""
        return self.texts[self.starts[image] : self.starts[image + 1]]

    def rows(self, image: np.ndarray, draw: np.ndarray) -> np.ndarray:
        """Which caption of each image a number drawn uniformly from [0, 1) means.

        Args:
            image: indices of images, of any shape.
            draw: float, of the same shape.

        Returns:
            int32 of that shape, indices into `values`.
        """
        start = self.starts[image]
        count = self.starts[image + 1] - start
        return (start + (draw * count).astype(np.int32)).astype(np.int32)

    def with_values(self, values: Any) -> "Captions":
        """The same captions, read as other arrays [M, ...]."""
        return replace(self, values=values)


def gather(of_images: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Captions:
    """The captions of a split from those of each of its images, at least one each."""
    texts = tuple(text for captions in of_images for text in captions)
    starts = np.cumsum([0, *map(len, of_images)], dtype=np.int32)
    return Captions(texts, starts, vocabulary.tokens(texts))


def replace_word(text: str, old: str, new: str) -> str:
    """The text with one word in the place of another, wherever it stands, in any case."""
    return re.sub(rf"\b{re.escape(old)}\b", lambda _: new, text, flags=re.IGNORECASE)

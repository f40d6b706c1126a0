"""Generated pictures of one coloured shape each, with captions in several wordings."""

from collections.abc import Sequence

import numpy as np
from ml_collections import ConfigDict

from aae_jax.data.aspects import Aspect, label_of
from aae_jax.data.sources.base import Source, in_memory
from aae_jax.data.stream import generator

SIDE = 32
CAPTIONS = 4  # of each picture, every one in another wording
COLOURS = {
    "red": (205, 40, 35),
    "yellow": (235, 210, 45),
    "green": (40, 150, 60),
    "blue": (45, 80, 205),
    "purple": (135, 55, 165),
    "white": (240, 240, 238),
}
SHAPES = {
    "circle": ("circle", "disc"),
    "square": ("square", "box"),
    "triangle": ("triangle",),
    "cross": ("cross", "plus"),
}
ASPECTS = (Aspect("colour", tuple(COLOURS)), Aspect("shape", tuple(SHAPES)))

_SIZES = (("small", "tiny", "little"), ("large", "big"))
_REACH = (5.0, 7.5)  # pixels from the middle of a shape to its edge, by size
_PLACES = {  # words -> rows and columns of pixels from the middle
    ("top left", "upper left"): (-7, -7),
    ("top", "upper edge"): (-7, 0),
    ("top right", "upper right"): (-7, 7),
    ("left",): (0, -7),
    ("centre", "middle"): (0, 0),
    ("right",): (0, 7),
    ("bottom left", "lower left"): (7, -7),
    ("bottom", "lower edge"): (7, 0),
    ("bottom right", "lower right"): (7, 7),
}
# Respect -> what each of its values may be called.
_NAMES = {
    "colour": tuple((colour,) for colour in COLOURS),
    "shape": tuple(SHAPES.values()),
    "size": _SIZES,
    "place": tuple(_PLACES),
}
_WORDINGS = (
    "a {size} {colour} {shape} at the {place}",
    "there is a {size} {colour} {shape} at the {place}",
    "at the {place} one sees a {colour} {shape} that is {size}",
    "the picture shows a {size} {shape} at the {place}, and it is {colour}",
    "this {shape} at the {place} is {size} and {colour}",
    "{place}: a {colour} {shape}, {size}",
)
_JITTER = 1.0  # pixels, of the place either way
_SHADE = 8.0  # standard deviation of a colour's and the background's channels
_GRAIN = 3.0  # standard deviation of each pixel
_CHUNK = 1000


def open_source(config: ConfigDict) -> Source:
    """The coloured shapes: 12,000 train pictures unless data.size says otherwise, a tenth test.

    Each shows one shape on a dim grey ground. Colour, shape, size and place are drawn uniformly and
    independently; the label is the colour and the shape. The pictures of a set are the same in
    every run.
    """
    train = config.size or 12_000
    splits, captions = {}, {}
    for stream, (split, n) in enumerate({"train": train, "test": max(train // 10, 24)}.items()):
        rng = generator(2, stream)
        drawn = [rng.integers(len(names), size=n) for names in _NAMES.values()]
        pictures = [
            _draw(*(numbers[start : start + _CHUNK] for numbers in drawn), rng)
            for start in range(0, n, _CHUNK)
        ]
        splits[split] = np.concatenate(pictures), label_of(ASPECTS, drawn[:2])
        captions[split] = _describe(drawn, rng)
    return in_memory(
        "generated coloured shapes",
        splits,
        num_classes=len(COLOURS) * len(SHAPES),
        captions=captions,
        aspects=ASPECTS,
    )


def _draw(
    colour: np.ndarray,
    shape: np.ndarray,
    size: np.ndarray,
    place: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Pictures uint8 [n, SIDE, SIDE, 3] of the values' numbers [n] in each respect."""
    n = len(colour)
    middle = (SIDE - 1) / 2 + np.array(list(_PLACES.values()))[place]
    middle = middle + rng.uniform(-_JITTER, _JITTER, (n, 2))
    pixels = np.arange(SIDE)
    down = pixels[None, :, None] - middle[:, 0, None, None]
    right = pixels[None, None, :] - middle[:, 1, None, None]
    reach = np.array(_REACH)[size] * rng.uniform(0.92, 1.08, n)
    distances = _distances(down, right, reach[:, None, None])
    distance = np.take_along_axis(distances, shape[None, :, None, None], axis=0)[0]
    # How much of a pixel the shape covers, by the distance to its edge.
    cover = np.clip(0.5 - distance, 0, 1)[..., None]
    ink = np.array(list(COLOURS.values()))[colour] + rng.normal(0, _SHADE, (n, 3))
    ground = rng.uniform(40, 110, (n, 1)) + rng.normal(0, _SHADE / 2, (n, 3))
    picture = ground[:, None, None, :] * (1 - cover) + ink[:, None, None, :] * cover
    picture += rng.normal(0, _GRAIN, picture.shape)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _distances(down: np.ndarray, right: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Pixels to the edge of each of SHAPES, negative inside: [4, n, SIDE, SIDE]."""
    far = np.maximum(np.abs(down), np.abs(right))
    near = np.minimum(np.abs(down), np.abs(right))
    circle = np.sqrt(down**2 + right**2) - reach
    square = far - 0.85 * reach
    # Upright, its base at the bottom; the sides fall two pixels for each to the right.
    triangle = np.maximum(
        down - 0.8 * reach, (2 * np.abs(right) - (down + 1.2 * reach)) / np.sqrt(5)
    )
    cross = np.maximum(far - reach, near - 0.35 * reach)
    return np.stack([circle, square, triangle, cross])


def _describe(drawn: Sequence[np.ndarray], rng: np.random.Generator) -> list[tuple[str, ...]]:
    """Captions of each picture, of the values' numbers [n] in each respect."""
    n = len(drawn[0])
    wordings = rng.random((n, len(_WORDINGS))).argsort(axis=1)[:, :CAPTIONS].tolist()
    # Which of its names each value is called by, in each caption.
    names = rng.random((n, CAPTIONS, len(_NAMES))).tolist()
    numbers = np.stack(drawn, axis=1).tolist()
    return [
        tuple(map(_caption, of_wordings, of_names, [of_values] * CAPTIONS))
        for of_wordings, of_names, of_values in zip(wordings, names, numbers, strict=True)
    ]


def _caption(wording: int, draws: Sequence[float], numbers: Sequence[int]) -> str:
    chosen = {}
    for (respect, names), draw, number in zip(_NAMES.items(), draws, numbers, strict=True):
        of_value = names[number]
        chosen[respect] = of_value[int(draw * len(of_value))]
    return _WORDINGS[wording].format(**chosen)

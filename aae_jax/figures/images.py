"""Grids of images, drawn as one picture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import matplotlib.figure

CELL = 0.62  # inches per image
GAP = 0.08  # space between images, as a share of an image
WIDE = 3  # further gaps between groups of rows or columns
EDGE = 0.08  # inches around the grid
LETTER = 0.088  # inches that a letter of a label takes


def to_rgb(x: np.ndarray, split: Any) -> np.ndarray:
    """Images [..., H, W, C] in the value range of `split` as colours [..., H, W, 3] in [0, 1].

    One channel is grey, three are red, green and blue; of any other number the mean is shown.
    Values outside the range are clipped, NaN is magenta.
    """
    x = np.clip(split.to_unit(x), 0, 1)
    if x.shape[-1] != 3:
        x = np.repeat(x.mean(axis=-1, keepdims=True), 3, axis=-1)
    return np.where(np.isnan(x).any(axis=-1, keepdims=True), np.float32([1, 0, 1]), x)


def _offsets(n: int, size: int, gap: int, set_off: Sequence[int]) -> np.ndarray:
    """Where each of n cells begins; those in `set_off` keep a wider distance."""
    extra = np.isin(np.arange(n), list(set_off)) * WIDE * gap
    return np.arange(n) * (size + gap) + np.cumsum(extra)


def montage(
    rows: np.ndarray, wide_rows: Sequence[int] = (), wide_columns: Sequence[int] = ()
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places images [R, C, H, W, 3] on white.

    Args:
        rows: the images.
        wide_rows: rows that are set off from the row above.
        wide_columns: columns that are set off from the column before.

    Returns:
        The picture [height, width, 3], and the first pixels of each row and each column.
    """
    r, c, h, w, _ = rows.shape
    gap = max(2, round(GAP * h))  # of one pixel, white strokes of neighbours merge
    top, left = _offsets(r, h, gap, wide_rows), _offsets(c, w, gap, wide_columns)
    picture = np.ones((top[-1] + h, left[-1] + w, 3), np.float32)
    for i in range(r):
        for j in range(c):
            picture[top[i] : top[i] + h, left[j] : left[j] + w] = rows[i, j]
    return picture, top, left


def grid(
    rows: np.ndarray,
    row_labels: Sequence[str] = (),
    column_labels: Sequence[str] = (),
    wide_rows: Sequence[int] = (),
    wide_columns: Sequence[int] = (),
) -> "matplotlib.figure.Figure":
    """A figure that is one grid of images [R, C, H, W, 3], labelled at the left and on top."""
    import matplotlib.figure

    picture, top, left = montage(rows, wide_rows, wide_columns)
    h, w = rows.shape[2:4]
    # Placed by hand: the automatic layouts clip labels beside axes of a fixed aspect.
    height, width = np.array(picture.shape[:2]) * (CELL / h)
    lines = [line for label in row_labels for line in label.splitlines()]
    margin_left = EDGE + LETTER * max(map(len, lines), default=0)
    longest = max(map(len, column_labels), default=0)
    upright = LETTER * longest > CELL * 1.2  # too long to stand side by side
    margin_top = EDGE + (LETTER * longest + 0.05 if upright else 0.2 if column_labels else 0)
    full_width, full_height = margin_left + width + EDGE, margin_top + height + EDGE
    figure = matplotlib.figure.Figure(figsize=(full_width, full_height))
    ax = figure.add_axes(
        (margin_left / full_width, EDGE / full_height, width / full_width, height / full_height)
    )
    # Enlarged without blurring, as pixels are what is to be judged.
    ax.imshow(picture, interpolation="nearest")
    ax.set_yticks(top + (h - 1) / 2 if row_labels else [], row_labels or [])
    ax.set_xticks(left + (w - 1) / 2 if column_labels else [], column_labels or [])
    ax.xaxis.tick_top()
    ax.tick_params(length=0, labelsize=10)
    ax.tick_params(axis="x", rotation=90 if upright else 0)
    ax.spines[:].set_visible(False)
    return figure

"""Two panels: points of the plane that are data, and points that a model made."""

from typing import TYPE_CHECKING

import numpy as np

from aae_jax.figures.figure import PALETTE, name_classes, new, scatter

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

MAX_POINTS = 4_000
MARGIN = 0.25  # shown around the data, as a share of its extent


def beside_test(
    test: np.ndarray,
    label: np.ndarray | None,
    x: np.ndarray,
    mark: np.ndarray | None,
    title: str,
) -> tuple["matplotlib.figure.Figure", list["matplotlib.axes.Axes"], str]:
    """Draws test points [N, 2] and, beside them in the same frame, points x [M, 2].

    Args:
        test: the data, whose extent gives the frame.
        label: colours of the test points, or None.
        x: what the model made.
        mark: colours of these, or None.
        title: of their panel.

    Returns:
        The figure, its two axes, and a remark for the caption: how many of x the frame leaves out.
    """
    figure = new(10, 4.9)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    for ax, points, colour in ((left, test, label), (right, x, mark)):
        scatter(ax, points, colour)
        # Small markers of one colour are not told apart.
        if colour is not None and colour.max() >= len(PALETTE):
            name_classes(ax, points, colour, size=8, beside=4)
    low, high = test.min(axis=0), test.max(axis=0)
    margin = MARGIN * (high - low).max()
    low, high = low - margin, high + margin
    left.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), ylabel="$x_2$")
    left.set_title("test data", fontsize=11)
    right.set_title(title, fontsize=11)
    for ax in (left, right):
        ax.set_xlabel("$x_1$")
        ax.set_aspect("equal", adjustable="box")
    outside = int(((x < low[None]) | (x > high[None])).any(axis=1).sum())
    return figure, [left, right], f" ({outside:,} outside the frame)" if outside else ""

"""What a figure is, and the look that all figures share.

Figures are made with matplotlib's object interface: no global state, so they may be drawn in any
thread, and nothing has to be closed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aae_jax import output_file
from aae_jax.errors import UserError
from aae_jax.metrics.needs import Model, Needs

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

# Ten colours that stay apart under colour blindness. Source: M. Petroff, "Accessible Color
# Sequences for Data Visualization"; its second grey is made nearly black, as small dots of two
# greys are not told apart.
PALETTE = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#20242c",
    "#92dadd",
)
MARKERS = ("o", "s", "^", "D", "v")  # the palette repeats with the next marker
GREY = "#717581"
LONGEST = 16  # letters of a class's name in a figure


@dataclass(frozen=True)
class Figure:
    """A finished figure.

    Attributes:
        figure: a `matplotlib.figure.Figure`.
        caption: one or two sentences that a stranger understands.
    """

    figure: "matplotlib.figure.Figure"
    caption: str

    def save(self, path: Path) -> None:
        """Writes a PNG, which is there when it is whole.

        Raises:
            OSError: as the system has it; an earlier one stays.
        """
        look = {"dpi": 130, "facecolor": "white", "bbox_inches": "tight", "pad_inches": 0.08}
        with output_file.replacing(path) as file:
            self.figure.savefig(file, format="png", **look)


@dataclass(frozen=True)
class Plot:
    """A way to draw a figure, and what it needs.

    Attributes:
        fn: `fn(model, dataset, seed) -> Figure`.
        needs: what the model and the data must offer.
    """

    fn: Callable[[Model, Any, int], Figure]
    needs: Needs = field(default_factory=Needs)


def new(width: float, height: float) -> "matplotlib.figure.Figure":
    """An empty figure, width x height in inches, that makes room for all its labels."""
    import matplotlib.figure

    return matplotlib.figure.Figure(figsize=(width, height), layout="constrained")


def short(name: str) -> str:
    """A name of a class, where there is room for so much."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def scatter(
    ax: "matplotlib.axes.Axes",
    xy: np.ndarray,
    label: np.ndarray | None,
    names: Sequence[str] = (),
) -> None:
    """Draws points [N, 2], coloured by label [N] (grey without labels), with legend entries.

    Args:
        ax: where they are drawn.
        xy: the points.
        label: theirs, or None.
        names: of the labels; numbers where there are none.
    """
    look = {"s": float(np.clip(6000 / max(len(xy), 1), 4, 20)), "linewidths": 0, "alpha": 0.7}
    if label is None:
        ax.scatter(*xy.T, color=GREY, **look)
        return
    colour = np.array(PALETTE)[label % len(PALETTE)]
    marker = label // len(PALETTE) % len(MARKERS)
    # All classes at once, in the order of the data: no class is painted over another.
    for i in np.unique(marker):
        ax.scatter(*xy[marker == i].T, c=colour[marker == i], marker=MARKERS[i], **look)
    for k in np.unique(label):
        shape = MARKERS[k // len(PALETTE) % len(MARKERS)]
        name = short(names[k]) if names else str(k)
        ax.scatter([], [], s=45, color=PALETTE[k % len(PALETTE)], marker=shape, label=name)


def name_classes(
    ax: "matplotlib.axes.Axes",
    xy: np.ndarray,
    label: np.ndarray,
    *,
    size: float,
    beside: float = 0,
    names: Sequence[str] = (),
) -> None:
    """Writes each label among its own of the points [N, 2], label [N].

    Args:
        ax: where they are drawn.
        xy: the points.
        label: theirs.
        size: of the letters, in points.
        beside: how far to the right of and above a point it stands, in points.
        names: of the labels; numbers where there are none.
    """
    import matplotlib.patheffects

    halo = [matplotlib.patheffects.withStroke(linewidth=3, foreground="white")]
    for k in np.unique(label):
        # At a point of the class: the middle of a class in two parts would lie in neither.
        own = xy[label == k]
        middle = np.median(own, axis=0, keepdims=True)
        centre = own[np.square(own - middle).sum(axis=1).argmin()]
        ax.annotate(
            short(names[k]) if names else str(k),
            centre,
            (beside, beside),
            textcoords="offset points",
            fontsize=size,
            weight="bold",
            path_effects=halo,
        )


def legend(figure: "matplotlib.figure.Figure", ax: "matplotlib.axes.Axes", title: str) -> None:
    """Puts the legend of `ax`, if it has any, beside the axes."""
    handles, labels = ax.get_legend_handles_labels()
    if handles:
        columns = 1 + (len(handles) - 1) // 20
        figure.legend(
            handles, labels, loc="outside right center", title=title, frameon=False, ncols=columns
        )


def finite(array: np.ndarray, what: str) -> np.ndarray:
    """Returns the array; raises UserError when a value is NaN or infinite."""
    if not np.isfinite(array).all():
        raise UserError(
            f"{what} are not finite, so training has diverged; see the losses in metrics.jsonl"
        )
    return array

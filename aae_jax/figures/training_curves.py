"""How the logged numbers moved during training."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aae_jax.figures.figure import PALETTE, Figure, new
from aae_jax.metrics import VALUES

if TYPE_CHECKING:
    import matplotlib.axes

Row = Mapping[str, Any]
COLUMNS = 3
STYLES = ("-", "--", ":", "-.")  # lines that lie on one another stay visible
NO_CURVES = ("step", "time", "kind", "epoch", "seconds", "per_second")  # endings of names


def series(rows: Sequence[Row], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Steps [S] and values [S, trials] of one logged name; null becomes NaN."""
    present = [row for row in rows if name in row]
    values = [np.atleast_1d(np.array(row[name], np.float64)) for row in present]
    return np.array([row["step"] for row in present]), np.stack(values)


def panels(names: Sequence[str]) -> dict[str, list[str]]:
    """Sorts logged names into panels: title -> names drawn together.

    Losses `<phase>/<player>` share a panel by phase and evaluation errors share one, as they have
    the same scale; any other name gets a panel of its own. Clocks and yardsticks get none.
    """
    result: dict[str, list[str]] = {}
    for name in names:
        bare = name.split("/")[-1]
        if bare.endswith(NO_CURVES):
            continue
        if bare in VALUES:
            value = VALUES[bare]
            if value.yardstick_of:
                continue
            title = "evaluation: errors" if value.fraction and value.better == "lower" else bare
        else:
            title = f"losses: {name.rsplit('/', 1)[0]}" if "/" in name else name
        result.setdefault(title, []).append(name)
    return result


def _draw(ax: "matplotlib.axes.Axes", rows: Sequence[Row], names: Sequence[str]) -> None:
    import matplotlib.ticker

    for i, name in enumerate(names):
        steps, values = series(rows, name)
        drawn = np.isfinite(values).any(axis=1)
        steps, values = steps[drawn], values[drawn]
        if not len(steps):
            continue
        colour = PALETTE[i % len(PALETTE)]
        ax.plot(
            steps,
            np.nanmean(values, axis=1),
            STYLES[i % len(STYLES)],
            color=colour,
            linewidth=1.4,
            # A short curve would be invisible as a line.
            marker="o" if len(steps) < 20 else None,
            markersize=3,
            label=name.split("/")[-1],
        )
        if values.shape[1] > 1:
            low, high = np.nanmin(values, axis=1), np.nanmax(values, axis=1)
            ax.fill_between(steps, low, high, color=colour, alpha=0.2, linewidth=0)
    meanings = [VALUES[bare] for name in names if (bare := name.split("/")[-1]) in VALUES]
    if meanings and all(meaning.fraction for meaning in meanings):
        ax.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1.0))
    if any(meaning.count for meaning in meanings):
        ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True))
    if len(names) > 1 or "/" in names[0]:  # a lone loss has a player too
        # Below the axes, as long names would hide the curves.
        ax.legend(
            fontsize=7.5,
            frameon=False,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.22),
            borderaxespad=0,
        )


def training_curves(rows: Sequence[Row]) -> Figure | None:
    """Draws every logged number over the training steps.

    Args:
        rows: the lines of metrics.jsonl, as `aae_jax.metric_writer` writes them: `step`, and by
            name a number, null where it was not finite, or a list with one of these per trial.

    Returns:
        The figure, or None when nothing was logged.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    groups = panels(names)
    if not groups:
        return None
    columns = min(COLUMNS, len(groups))
    lines = -(-len(groups) // columns)
    figure = new(max(4.4, 3.5 * columns), 3.0 * lines + 0.1)
    axes = figure.subplots(lines, columns, squeeze=False).ravel()
    for ax, (title, group) in zip(axes, groups.items(), strict=False):
        _draw(ax, rows, group)
        ax.set_title(title, fontsize=10)
        ax.tick_params(labelsize=8)
        ax.grid(color="#e4e6ea", linewidth=0.6)
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_xlabel("step", fontsize=8)
        ax.set_xlim(0, max(row["step"] for row in rows))
        ax.locator_params(axis="x", nbins=5)
    for ax in axes[len(groups) :]:
        ax.set_visible(False)
    trials = max((len(v) for row in rows for v in row.values() if isinstance(v, list)), default=1)
    return Figure(
        figure,
        "Training: losses of each phase's players, further quantities that the method reports, "
        "and evaluations, over training steps; d_ is a discriminator's mean probability of 'real', "
        "logit_ its mean logit."
        + (f" Lines are means of {trials} trials, bands span them." if trials > 1 else ""),
    )

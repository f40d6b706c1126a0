"""Figures that show what a trained model does: the table of figures.

A figure is a file of its own here, which says what it needs, and one line in `FIGURES`; one of a
user's own needs no line here: `config.evaluation.figures = ("my_module:PLOT",)`.
`training_curves` draws the log rather than a model, so it is not in the table, nor are the
`progress_images` of a run under way.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.figures import (
    axis_walk,
    captions_with_samples,
    cluster_matrix,
    code_means,
    code_scatter,
    colour_swaps,
    confusion_matrices,
    interpolations,
    manifold,
    manifold_evenly,
    manifold_per_component,
    posteriors,
    prior_tsne,
    reconstruction_scatter,
    reconstructions,
    sample_scatter,
    samples,
    samples_per_component,
    samples_with_neighbours,
    stochastic_reconstructions,
    style_by_component,
    style_by_label,
    test_by_cluster,
    tsne,
)
from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.progress_images import progress_images
from aae_jax.figures.training_curves import training_curves
from aae_jax.metrics import needs as _needs
from aae_jax.metrics.needs import Model

__all__ = [
    "FIGURES",
    "Figure",
    "Plot",
    "check",
    "file_name",
    "find",
    "progress_images",
    "training_curves",
]

FIGURES = {
    "samples": samples.PLOT,
    "samples_per_component": samples_per_component.PLOT,
    "reconstructions": reconstructions.PLOT,
    "interpolations": interpolations.PLOT,
    "cluster_matrix": cluster_matrix.PLOT,
    "confusion_matrices": confusion_matrices.PLOT,
    "test_by_cluster": test_by_cluster.PLOT,
    "tsne": tsne.PLOT,
    "prior_tsne": prior_tsne.PLOT,
    "code_scatter": code_scatter.PLOT,
    "code_means": code_means.PLOT,
    "manifold": manifold.PLOT,
    "manifold_evenly": manifold_evenly.PLOT,
    "manifold_per_component": manifold_per_component.PLOT,
    "axis_walk": axis_walk.PLOT,
    "style_by_label": style_by_label.PLOT,
    "samples_with_neighbours": samples_with_neighbours.PLOT,
    "stochastic_reconstructions": stochastic_reconstructions.PLOT,
    "style_by_component": style_by_component.PLOT,
    "captions_with_samples": captions_with_samples.PLOT,
    "colour_swaps": colour_swaps.PLOT,
    "sample_scatter": sample_scatter.PLOT,
    "reconstruction_scatter": reconstruction_scatter.PLOT,
    "posteriors": posteriors.PLOT,
}


def check(names: Sequence[str], model: Model, dataset: Any) -> None:
    """Refuses figures that do not exist or that this model and data cannot give.

    Args:
        names: `config.evaluation.figures`.
        model: a model of the config's method; only asked what it has.
        dataset: the loaded data.

    Raises:
        UserError: on the first such name.
    """
    files = ["training_curves", *map(file_name, names)]
    if twice := sorted({file for file in files if files.count(file) > 1}):
        raise UserError(f"evaluation.figures draws {', '.join(twice)} twice: leave one out")
    _needs.check("evaluation.figures", {name: find(name).needs for name in names}, model, dataset)


def find(name: str) -> Plot:
    """A figure by its name in `FIGURES`, or a user's own by `module:name`, a `Plot` there.

    Raises:
        UserError: it does not exist.
    """
    if ":" not in name:
        _needs.check_name("evaluation.figures", name, FIGURES)
        return FIGURES[name]
    plot = user_code.find(name, "evaluation.figures", "an aae_jax.figures.Plot", Plot)

    def fn(model: Model, dataset: Any, seed: int) -> Figure:
        with user_code.blamed(f"figure {name}"):
            figure = plot.fn(model, dataset, seed)
        if not isinstance(figure, Figure):
            raise UserError(
                f"figure {name} gives {type(figure).__name__}: it must give an "
                "aae_jax.figures.Figure"
            )
        return figure

    return replace(plot, fn=fn)


def file_name(name: str) -> str:
    """The PNG's name, without its ending, of an entry of `evaluation.figures`."""
    return name.rpartition(":")[2]

"""Figures that show what a trained model does: the table of figures.

A figure is `fn(model, dataset, seed) -> Figure`, a file of its own here and one line in
`FIGURES`; one of a user's own needs neither: `config.evaluation.figures = ("my_module:PLOT",)`.
`training_curves` draws the log rather than a model, so it is not in the table, nor are the
`progress_images` of a run under way.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.figures.axis_walk import axis_walk
from aae_jax.figures.captions_with_samples import captions_with_samples
from aae_jax.figures.cluster_matrix import cluster_matrix
from aae_jax.figures.code_means import code_means
from aae_jax.figures.code_scatter import code_scatter
from aae_jax.figures.colour_swaps import colour_swaps
from aae_jax.figures.confusion_matrices import confusion_matrices
from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.interpolations import interpolations
from aae_jax.figures.manifold import manifold
from aae_jax.figures.manifold_evenly import manifold_evenly
from aae_jax.figures.manifold_per_component import manifold_per_component
from aae_jax.figures.posteriors import posteriors
from aae_jax.figures.prior_tsne import prior_tsne
from aae_jax.figures.progress_images import progress_images
from aae_jax.figures.reconstruction_scatter import reconstruction_scatter
from aae_jax.figures.reconstructions import reconstructions
from aae_jax.figures.sample_scatter import sample_scatter
from aae_jax.figures.samples import samples
from aae_jax.figures.samples_per_component import samples_per_component
from aae_jax.figures.samples_with_neighbours import samples_with_neighbours
from aae_jax.figures.stochastic_reconstructions import stochastic_reconstructions
from aae_jax.figures.style_by_component import style_by_component
from aae_jax.figures.style_by_label import style_by_label
from aae_jax.figures.test_by_cluster import test_by_cluster
from aae_jax.figures.training_curves import training_curves
from aae_jax.figures.tsne import tsne
from aae_jax.metrics import needs as _needs
from aae_jax.metrics.needs import Model, Needs

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
    "samples": Plot(samples, Needs(("prior", "decode"), data="drawable")),
    "samples_per_component": Plot(
        samples_per_component, Needs(("prior", "decode"), components=True, data="images")
    ),
    "reconstructions": Plot(reconstructions, Needs(("encode", "decode"), data="images")),
    "interpolations": Plot(
        interpolations,
        Needs(("encode", "decode"), data="images", unconditioned=True, least_test=2),
    ),
    "cluster_matrix": Plot(cluster_matrix, Needs(("predict",), labels=True)),
    "confusion_matrices": Plot(
        confusion_matrices, Needs(("predict",), labels=True, class_components=True)
    ),
    "test_by_cluster": Plot(test_by_cluster, Needs(("predict",), data="images")),
    "tsne": Plot(tsne, Needs(("encode",), least_test=2)),
    "prior_tsne": Plot(prior_tsne, Needs(("encode", "prior"), components=True)),
    "code_scatter": Plot(code_scatter, Needs(("encode", "prior"), code_width=2)),
    "code_means": Plot(code_means, Needs(("encode", "posterior", "prior"), code_width=2)),
    "manifold": Plot(
        manifold, Needs(("prior", "decode"), data="images", code_width=2, only_z=True)
    ),
    "manifold_evenly": Plot(
        manifold_evenly, Needs(("prior", "decode"), data="images", code_width=2, only_z=True)
    ),
    "manifold_per_component": Plot(
        manifold_per_component,
        Needs(("prior", "decode"), components=True, data="images", code_width=2, only_z=True),
    ),
    "axis_walk": Plot(axis_walk, Needs(("axis", "decode"), data="images")),
    "style_by_label": Plot(
        style_by_label,
        Needs(("encode", "decode"), labels=True, class_components=True, with_y=True, data="images"),
    ),
    "samples_with_neighbours": Plot(
        samples_with_neighbours, Needs(("prior", "decode"), data="images")
    ),
    "stochastic_reconstructions": Plot(
        stochastic_reconstructions, Needs(("encode", "posterior", "decode"), data="images")
    ),
    "style_by_component": Plot(
        style_by_component, Needs(("prior", "decode"), components=True, data="images")
    ),
    "captions_with_samples": Plot(
        captions_with_samples,
        Needs(("caption_prior", "decode"), data="images", captions="sentences"),
    ),
    "colour_swaps": Plot(
        colour_swaps, Needs(("caption_prior", "decode"), data="images", captions="sentences")
    ),
    "sample_scatter": Plot(sample_scatter, Needs(("prior", "decode"), data="plane")),
    "reconstruction_scatter": Plot(
        reconstruction_scatter, Needs(("encode", "decode"), data="plane")
    ),
    "posteriors": Plot(
        posteriors,
        Needs(("prior", "decode", "encode", "posterior"), modes="points", code_width=2),
    ),
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
    plot = user_code.find(name, "evaluation.figures", "aae_jax.figures.Plot", Plot)

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

import gc
import threading
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from PIL import Image

from aae_jax import figures
from aae_jax.errors import UserError
from tests.fakes import FakeModel, captioned, digits, four_points, points, ring, split, tiny


@pytest.fixture(scope="module")
def data():
    return digits(test=120, held_out=0)


def case(plot, data):
    """Data, and a model of the simplest form, that have what the figure needs."""
    if plot.needs.modes == "points":
        data = four_points()
    elif plot.needs.data == "plane":
        data = ring()
    elif plot.needs.captions:
        data = captioned()
    return data, FakeModel(
        data,
        width=plot.needs.code_width or min(8, data.train.data[0].size),
        with_y=not plot.needs.only_z,
    )


def test_a_picture_that_cannot_be_written_leaves_the_one_before(tmp_path):
    class Interrupted:
        def savefig(self, file, **_):
            file.write(b"half")
            raise OSError(28, "No space left on device")

    (tmp_path / "figure.png").write_bytes(b"whole")
    with pytest.raises(OSError, match="No space left"):
        figures.Figure(Interrupted(), "A caption.").save(tmp_path / "figure.png")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"whole"]


@pytest.mark.parametrize("name", figures.FIGURES)
def test_every_figure_is_saved_whole_with_a_caption(data, name, tmp_path):
    plot = figures.FIGURES[name]
    data, model = case(plot, data)
    figures.check((name,), model, data)
    figure = plot.fn(model, data, 0)
    assert figure.caption.endswith(".")
    assert len(figure.caption) < 350
    figure.save(tmp_path / "figure.png")
    picture = np.asarray(Image.open(tmp_path / "figure.png").convert("RGB"))
    assert min(picture.shape[:2]) > 300
    # A white frame all around: nothing reaches the edge, so nothing is cut.
    for edge in (picture[:3], picture[-3:], picture[:, :3], picture[:, -3:]):
        assert (edge == 255).all()
    assert picture.std() > 10


@pytest.mark.parametrize("name", figures.FIGURES)
def test_the_same_seed_draws_the_same_figure(data, name, tmp_path):
    plot = figures.FIGURES[name]
    data, model = case(plot, data)
    bytes_of = []
    for seed in (5, 5):
        path = tmp_path / "figure.png"
        plot.fn(model, data, seed).save(path)
        bytes_of.append(path.read_bytes())
    assert bytes_of[0] == bytes_of[1]


@pytest.mark.parametrize(
    "name", ["reconstructions", "stochastic_reconstructions", "tsne", "code_scatter", "samples"]
)
def test_decoders_that_read_labels_are_given_them(data, name, tmp_path):
    model = FakeModel(data, width=2, conditioned=True)
    figures.check((name,), model, data)
    figures.FIGURES[name].fn(model, data, 0).save(tmp_path / "figure.png")


def test_unlabelled_points_can_be_drawn(tmp_path):
    data = points()
    model = FakeModel(data, width=2, components=0)
    names = ("samples", "tsne", "code_scatter", "sample_scatter")
    figures.check(names, model, data)
    for name in names:
        figure = figures.FIGURES[name].fn(model, data, 0)
        assert "label" not in figure.caption
        figure.save(tmp_path / f"{name}.png")


def test_a_handful_of_test_images_is_enough(data, tmp_path):
    for name, plot in figures.FIGURES.items():
        whole, model = case(plot, data)
        test = replace(whole.test, data=whole.test.data[:5], label=whole.test.label[:5])
        few = replace(whole, test=test)
        plot.fn(model, few, 0).save(tmp_path / f"{name}.png")


@pytest.mark.parametrize(
    ("name", "model", "message"),
    [
        ("sample", {}, "'sample', which does not exist; known are axis_walk"),
        ("samples", {"absent": ("decode",)}, "no function decode"),
        ("samples_per_component", {"components": 0}, "no mixture components"),
        ("code_scatter", {"width": 8}, r"the code's shape is \(8,\), not \(2,\)"),
        ("manifold", {"width": 2, "with_y": True}, "the code has the parts y, z, not z alone"),
        ("manifold_per_component", {"width": 2, "components": 0}, "no mixture components"),
        ("interpolations", {"conditioned": True}, "the method's decoder reads labels"),
        ("axis_walk", {"absent": ("axis",)}, "no function axis"),
        ("style_by_label", {}, "the code has no part y"),
        ("stochastic_reconstructions", {"absent": ("posterior",)}, "no function posterior"),
        ("style_by_component", {"components": 0}, "no mixture components"),
        ("sample_scatter", {}, r"examples of shape \(8, 8, 1\) are no points of the plane"),
        ("posteriors", {"width": 2}, "nothing is known of the data's modes"),
        ("style_by_label", {"with_y": True, "components": 20}, "the data's 10 classes"),
    ],
)
def test_check_refuses_in_one_line(data, name, model, message):
    with pytest.raises(UserError, match=message) as error:
        figures.check((name,), FakeModel(data, **model), data)
    assert "evaluation.figures" in str(error.value)
    assert "\n" not in str(error.value)


def test_check_refuses_data_of_the_wrong_kind(data):
    plane = points()
    model = FakeModel(plane, 2, 0)
    with pytest.raises(UserError, match=r"no images but points of shape \(2,\)"):
        figures.check(("reconstructions",), model, plane)
    space = tiny(split(np.zeros((4, 3))), split(np.zeros((4, 3))), 0)
    with pytest.raises(UserError, match="neither images nor points of the plane"):
        figures.check(("samples",), model, space)
    with pytest.raises(UserError, match="not a few points, each repeated, as data.name=four_p"):
        figures.check(("posteriors",), FakeModel(ring(), 2, 7), ring())


def test_check_refuses_a_code_without_z(data):
    model = FakeModel(data, width=2, local=3)
    assert "the parts n, z, not z alone" in figures.FIGURES["manifold"].needs.missing(model, data)
    with mock.patch.object(FakeModel, "code_shapes", {"n": (3,)}):
        for name in ("code_scatter", "manifold"):
            missing = figures.FIGURES[name].needs.missing(model, data)
            assert missing == "the code has no part z"


@pytest.mark.parametrize(
    "name",
    [
        "tsne",
        "cluster_matrix",
        "test_by_cluster",
        "code_scatter",
        "samples_with_neighbours",
        "sample_scatter",
        "posteriors",
        "captions_with_samples",
        "colour_swaps",
    ],
)
def test_a_diverged_model_is_named_as_such(data, name):
    data, _ = case(figures.FIGURES[name], data)
    model = FakeModel(data, width=2)
    model._down, model._up = model._down * np.nan, model._up * np.nan
    with pytest.raises(UserError, match="training has diverged"):
        figures.FIGURES[name].fn(model, data, 0)


def test_figures_may_be_drawn_in_threads_and_leave_nothing_behind(data, tmp_path):
    from matplotlib import _pylab_helpers

    model = FakeModel(data)

    def draw(i):
        figures.FIGURES["cluster_matrix"].fn(model, data, 0).save(tmp_path / f"{i}.png")

    threads = [threading.Thread(target=draw, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(tmp_path / f"{i}.png").read_bytes() for i in range(3)}) == 1
    gc.collect()
    assert not _pylab_helpers.Gcf.figs

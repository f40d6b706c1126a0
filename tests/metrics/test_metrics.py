import importlib
import subprocess
import sys
from dataclasses import replace

import pytest

from aae_jax import metrics
from aae_jax.errors import UserError
from tests.fakes import FakeExtractor, FakeModel, captioned, digits, four_points, points, ring


@pytest.fixture(scope="module")
def data():
    return digits(test=200, held_out=100)


def case(metric, data, form):
    """Data, and a model of that form, that have what the metric needs."""
    if metric.needs.modes:
        data = four_points() if metric.needs.modes == "points" else ring()
        form = {"width": 2, "components": data.num_classes, **form}
    if metric.needs.captions:
        data = captioned(embedded=metric.needs.captions == "sentences")
        form = {"components": data.num_classes, **form}
    if metric.needs.classifier:
        data = replace(data, scorer=FakeModel(data, components=data.num_classes))
    if metric.needs.extractor:
        data = replace(data, extractor=FakeExtractor(data))
    return data, FakeModel(data, **form)


CONDITIONED = {"conditioned": True, "absent": ("predict", "log_joint", "component_of")}


@pytest.mark.parametrize("form", [{}, {"with_y": True}, CONDITIONED], ids=str)
def test_every_value_is_described(data, form, monkeypatch):
    module = importlib.import_module("aae_jax.metrics.parzen")
    monkeypatch.setattr(module, "SAMPLES", dict.fromkeys(module.SAMPLES, 1000))
    for name, metric in metrics.METRICS.items():
        that, model = case(metric, data, form)
        if model.conditioned and metric.needs.missing(model, that):
            continue  # such methods have no clusters
        result = metric.fn(model, that, 0)
        assert set(result) == set(metric.values), name
        assert all(type(value) is float for value in result.values()), name
    # No name is given by two metrics.
    assert len(metrics.VALUES) == sum(len(metric.values) for metric in metrics.METRICS.values())
    assert {v.yardstick_of for v in metrics.VALUES.values()} - {""} < set(metrics.VALUES)
    assert {value.better for value in metrics.VALUES.values()} == {"lower", "higher", ""}


# Words in the names of values whose values are the better the smaller.
SMALLER = {"error", "mse", "kl", "energy", "overlap", "fid", "kid", "nll", "changed"}


def test_the_better_direction_of_every_value():
    for name, value in metrics.VALUES.items():
        if value.better:
            expected = "lower" if SMALLER & set(name.split("_")) else "higher"
            assert value.better == expected, name


@pytest.mark.parametrize(
    "name", [n for n, m in metrics.METRICS.items() if "prior" in m.needs.functions]
)
def test_draws_of_the_prior_follow_the_seed(data, name, monkeypatch):
    module = importlib.import_module("aae_jax.metrics.parzen")
    monkeypatch.setattr(module, "SAMPLES", dict.fromkeys(module.SAMPLES, 1000))
    metric = metrics.METRICS[name]
    own, model = case(metric, data, {})
    seeds, draw = [], model.prior
    model.prior = lambda n, seed, component=None: seeds.append(seed) or draw(n, seed, component)
    drawn = []
    for seed in (0, 1000):
        seeds.clear()
        metric.fn(model, own, seed)
        drawn.append(set(seeds))
    assert min(map(len, drawn)) > 0
    assert not drawn[0] & drawn[1]


def test_check_accepts_what_can_be_given(data):
    for name, metric in metrics.METRICS.items():
        that, model = case(metric, data, {})
        metrics.check((name,), model, that)
    unlabelled = points()
    metrics.check(("reconstruction", "code_match"), FakeModel(unlabelled, 2, 0), unlabelled)


@pytest.mark.parametrize(
    ("name", "model", "message"),
    [
        ("clusterin", {}, "'clusterin', which does not exist; known are bayes"),
        ("clustering", {"components": 0}, "no function predict"),
        ("bayes_classifier", {"absent": ("log_joint",)}, "no function log_joint"),
        ("kmeans", {"components": 0}, "no mixture components"),
        ("code_match", {"absent": ("prior", "encode")}, "no function encode, prior"),
        ("label_component", {"absent": ("component_of",)}, "no function component_of"),
        ("label_component", {"components": 7}, "has 7 components or clusters, not one for each"),
        ("classification", {"components": 20}, "the data's 10 classes"),
        ("modes", {}, "nothing is known of the data's modes, as it is of generated sets such as"),
        ("posterior_overlap", {"absent": ("posterior",)}, "no function posterior"),
        ("caption_agreement", {}, "the method has no function caption_prior"),
    ],
)
def test_check_refuses_in_one_line(data, name, model, message):
    with pytest.raises(UserError, match=message) as error:
        metrics.check((name,), FakeModel(data, **model), data)
    assert "evaluation.metrics" in str(error.value)
    assert "\n" not in str(error.value)


def test_check_refuses_modes_of_another_kind():
    data, model = case(metrics.METRICS["posterior_overlap"], None, {})
    with pytest.raises(UserError, match="'modes', but the data's modes are points without width"):
        metrics.check(("modes",), model, data)
    data, model = case(metrics.METRICS["modes"], None, {})
    with pytest.raises(UserError, match="the data are not a few points, each repeated"):
        metrics.check(("posterior_true_match",), model, data)
    model = FakeModel(data, 1, 4)
    with pytest.raises(UserError, match=r"the code's shape is \(1,\), not \(2,\)"):
        metrics.check(("posterior_overlap",), model, four_points())


@pytest.mark.parametrize(
    ("name", "embedded", "change", "message"),
    [
        ("caption_agreement", False, {}, "captions are not read as vectors, as data.caption_enc"),
        ("caption_agreement", True, {"aspects": ()}, "labels do not say the colour and the shape"),
        ("caption_agreement", True, {}, "no classifier is named"),
        ("caption_words", True, {}, "captions are read as vectors: leave data.caption_encoder em"),
        ("caption_words", True, {"vocabulary": None}, "the data has no captions"),
    ],
)
def test_check_refuses_captions_of_another_kind(name, embedded, change, message):
    data = captioned(embedded=embedded)
    with pytest.raises(UserError, match=f"'{name}', but .*{message}"):
        metrics.check((name,), FakeModel(data, components=6), replace(data, **change))


def test_check_refuses_labels_that_are_not_there():
    data = points()
    model = FakeModel(data, 2, 0)
    model.has = lambda name: True
    with pytest.raises(UserError, match="'clustering', but the data has no labels"):
        metrics.check(("clustering",), model, data)


def test_check_refuses_labels_that_only_the_test_images_have(data):
    half = replace(data, train=replace(data.train, label=None))
    with pytest.raises(UserError, match="some of the training data has no labels"):
        metrics.check(("clustering",), FakeModel(data), half)


@pytest.mark.parametrize("name", ["parzen", "parzen_10m"])
def test_check_refuses_a_likelihood_without_validation_images(name):
    data = digits(test=200, held_out=0)
    with pytest.raises(UserError) as error:
        metrics.check((name,), FakeModel(data), data)
    assert str(error.value) == (
        f"evaluation.metrics asks for '{name}', but no data is held out for validation, as "
        "data.validation_split or data.validation_size would do; remove it from the config"
    )


@pytest.mark.parametrize(
    ("test", "width", "message"),
    [
        (200, None, "no network is named that judges images, as evaluation.inception=FILE of"),
        (200, 200, "covariances of 200 features take more images than that, and there are 200 to"),
        (19, 5, "it compares at least 20 images, and the smaller split has 19"),
    ],
)
def test_check_refuses_a_distance_that_cannot_be_told(data, test, width, message):
    few = replace(data, test=replace(data.test, data=data.test.data[:test]))
    if width:
        few = replace(few, extractor=FakeExtractor(few, width))
    with pytest.raises(UserError, match=message) as error:
        metrics.check(("fid",), FakeModel(few), few)
    assert "\n" not in str(error.value)
    if width == 200:
        metrics.check(("kid", "precision_recall"), FakeModel(few), few)
        enough = replace(few, extractor=FakeExtractor(few, 199))
        metrics.check(("fid",), FakeModel(few), enough)


def test_each_value_says_which_network_it_is_by(data):
    names = ("reconstruction", "label_agreement", "kid")
    scorer = FakeExtractor(data, origin="a classifier")
    both = replace(data, scorer=scorer, extractor=FakeExtractor(data, origin="Inception"))
    judges = metrics.judges(names, both)
    assert set(judges) == {
        "label_agreement",
        "label_agreement_true",
        "label_agreement_classifier_error",
        "kid",
        "kid_std",
        "kid_floor",
    }
    assert judges["label_agreement"] == "a classifier"
    assert judges["kid"] == "Inception"


@pytest.mark.parametrize("module", ["metrics", "figures"])
def test_the_tables_load_no_heavy_library(module):
    code = (
        f"import sys, aae_jax.{module};"
        "print(*{m.split('.')[0] for m in sys.modules} & {'sklearn', 'matplotlib', 'scipy', 'jax'})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_kmeans_takes_an_example_for_each_cluster():
    data = digits(test=10, held_out=0)
    model = FakeModel(data, components=len(data.train) + 1)
    with pytest.raises(UserError, match="but it takes .* training examples, and there are"):
        metrics.check(("kmeans",), model, data)

"""A classifier as the judge: what it loads, what it converts, what it refuses."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from aae_jax.data import load
from aae_jax.errors import UserError
from aae_jax.evaluate import evaluate
from aae_jax.inference import load_trials
from aae_jax.scorer import Scorer, attach, check
from aae_jax.train import train
from tests.configs import test_config


def classifier():
    config = test_config("classifier_digits")
    config.data.value_range = (-1.0, 1.0)
    config.log.tensorboard = False
    return config


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    """A run of a classifier of images in [-1, 1]."""
    folder = tmp_path_factory.mktemp("runs") / "classifier"
    train(classifier(), folder)
    return folder


@pytest.fixture
def config(workdir):
    """A run on such images in [0, 1], to be judged."""
    config = test_config("aae_mnist")
    config.data.image_size = 16
    config.evaluation.classifier = str(workdir)
    config.evaluation.periodic = ()
    config.evaluation.metrics = ("label_agreement",)
    config.evaluation.figures = ()
    config.log.tensorboard = False
    return config


@pytest.fixture
def model(workdir):
    return load_trials(classifier(), workdir)[0]


def test_reads_images_in_the_range_that_it_was_trained_in(config, model):
    dataset = attach(config, load(config.data))
    x = dataset.test.x()
    assert 0 <= x.min() < x.max() <= 1
    np.testing.assert_allclose(dataset.scorer.predict(x), model.predict(2 * x - 1), atol=1e-6)
    np.testing.assert_allclose(dataset.scorer.features(x), model.features(2 * x - 1), atol=1e-5)
    assert "(random, step 2)" in dataset.scorer.origin
    assert dataset.extractor is dataset.scorer  # where no Inception is named
    assert dataset.scorer.width == model.features(x).shape[1]


def test_the_answer_does_not_depend_on_the_range_of_the_data(config):
    images = load(config.data)
    answers = []
    for bounds in ((0.0, 1.0), (-0.5, 0.5), (-1.0, 1.0)):
        split = replace(images.test, value_range=bounds)
        dataset = attach(config, replace(images, test=split))
        answers.append(dataset.scorer.predict(split.x()))
    # Each pixel has a range of its own.
    lo = np.random.default_rng(0).normal(size=images.example_shape).astype(np.float32)
    split = replace(images.test, value_range=(lo, lo + 2))
    answers.append(attach(config, replace(images, test=split)).scorer.predict(split.x()))
    for answer in answers[1:]:
        np.testing.assert_allclose(answer, answers[0], atol=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x: x - 0.5, "they reach from -0.5.* to 1 where 0 is its lower"),
        (lambda x: 255 * x, "they reach from 0 to 25"),
        (lambda x: x * np.nan, "they reach from nan to nan"),
        (lambda x: x[:, :8], "judges images of shape .16, 16, 1., and was given .8, 16, 1."),
        (lambda x: np.repeat(x, 3, -1), "was given .16, 16, 3."),
    ],
)
def test_other_images_are_refused(config, change, message):
    dataset = attach(config, load(config.data))
    with pytest.raises(UserError, match=message) as error:
        dataset.scorer.predict(change(dataset.test.x()))
    assert "\n" not in str(error.value)


def test_rounding_is_no_other_range(config, model):
    dataset = load(config.data)
    x = dataset.test.x()
    Scorer(model, dataset, "it").predict(x * 1.0005)
    with pytest.raises(UserError, match="leave the data's value range"):
        Scorer(model, dataset, "it").predict(x * 1.01)


def test_none_named_none_attached(config):
    config.evaluation.classifier = ""
    dataset = load(config.data)
    check(config)
    assert attach(config, dataset) is dataset
    assert dataset.scorer is None
    assert dataset.extractor is None


def damaged(workdir, folder):
    shutil.copytree(workdir, folder)
    for file in (folder / "checkpoints/latest/2/state").rglob("d/*"):
        file.write_bytes(b"x")


def without_checkpoints(workdir, folder):
    shutil.copytree(workdir, folder, ignore=shutil.ignore_patterns("checkpoints"))


def half_a_config(workdir, folder):
    shutil.copytree(workdir, folder)
    (folder / "config.json").write_text((workdir / "config.json").read_text()[:50])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda workdir, folder: None, "is no workdir of a run"),
        (lambda workdir, folder: folder.mkdir(), "it has no config.json"),
        (half_a_config, "cannot read .*config.json"),
        (without_checkpoints, "no latest checkpoint in"),
        (damaged, "damaged, of another config or version"),
    ],
)
def test_a_missing_or_damaged_classifier_is_said_before_any_work(
    workdir, config, tmp_path, make, message
):
    make(workdir, tmp_path / "judge")
    config.evaluation.classifier = str(tmp_path / "judge")
    for function in (
        lambda: check(config),
        lambda: train(config, tmp_path / "run", load(config.data)),
    ):
        with pytest.raises(UserError, match=message) as error:
            function()
        line = str(error.value)
        assert line.startswith(f"evaluation.classifier='{tmp_path / 'judge'}' is no trained class")
        assert "python -m aae_jax.main --config=configs/classifier_mnist.py" in line
        assert "\n" not in line
    assert not (tmp_path / "run").exists()


def test_a_run_of_another_method_is_no_classifier(config, tmp_path):
    (tmp_path / "config.json").write_text(test_config("aae_mnist").to_json())
    config.evaluation.classifier = str(tmp_path)
    with pytest.raises(UserError, match="it holds a run of method 'aae'"):
        check(config)


def test_a_classifier_of_other_images_or_classes_is_refused(config, tmp_path):
    images = load(config.data)
    with pytest.raises(UserError, match="tells 10 classes apart, and data.name='random' has 7"):
        attach(config, replace(images, num_classes=7))
    config.data.image_size = 28
    with pytest.raises(UserError, match="trained on images of shape .16, 16, 1., and .*28, 28, 1"):
        train(config, tmp_path / "run", load(config.data))
    assert not (tmp_path / "run").exists()


def test_a_metric_that_needs_one_says_which_command_trains_it(config, tmp_path):
    config.evaluation.classifier = ""
    with pytest.raises(UserError, match="'label_agreement', but no classifier is named") as error:
        train(config, tmp_path / "run", load(config.data))
    assert "python -m aae_jax.main --config=configs/classifier_mnist.py" in str(error.value)
    assert not (tmp_path / "run").exists()


def test_a_run_is_judged_and_the_report_says_by_whom(config, workdir, tmp_path):
    config.evaluation.periodic = ("label_agreement",)
    config.evaluation.metrics = ("label_agreement", "kid", "precision_recall", "reconstruction")
    dataset = load(config.data)
    train(config, tmp_path, dataset)
    result = evaluate(config, tmp_path, dataset)
    assert 0 <= result["metrics"]["label_agreement"]["mean"] <= 1
    # The posterior of this AAE is deterministic, and so is its decoder.
    assert result["metrics"]["reconstruction_diversity"]["mean"] == 0
    assert 0 <= result["metrics"]["sample_precision"]["mean"] <= 1
    origin = f"the classifier in {workdir} (random, step 2)"
    assert set(result["judges"].values()) == {origin}
    assert "kid" in result["judges"]
    assert "reconstruction_mse" not in result["judges"]
    page = (tmp_path / "report.html").read_text()
    assert f"<code>kid</code>, by {origin}" in page
    assert "<code>reconstruction_mse</code></small>" in page
    assert "Images judged, as 16x16x1 in [-1, 1], by" in page

"""Sentence embeddings: what is loaded, what is refused, what a data set becomes."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from aae_jax import sentences
from aae_jax.data import bag_of_words, load
from aae_jax.errors import UserError
from aae_jax.evaluate import evaluate
from aae_jax.game import Game
from aae_jax.sentences import Embedder, attach, check, check_game
from aae_jax.train import train
from tests.configs import test_config


def text_config(reference):
    config = test_config("learned_prior_shapes_text")
    config.data.caption_encoder = str(reference)
    config.log.tensorboard = False
    return config


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    """A run of a caption encoder."""
    folder = tmp_path_factory.mktemp("runs") / "encoder"
    config = test_config("caption_encoder_shapes")
    config.log.tensorboard = False
    train(config, folder)
    return folder


@pytest.fixture(scope="module")
def data():
    return load(text_config("").data)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Writes a user's module `my_words`."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(body):
        (tmp_path / "my_words.py").write_text(f"import numpy as np\n{body}\n")
        monkeypatch.delitem(sys.modules, "my_words", raising=False)
        return "my_words:embed"

    return write


def test_a_trained_encoder_reads_strings(workdir, data):
    embedder = sentences.load(str(workdir))
    assert embedder.width == 6
    assert str(workdir) in embedder.origin
    assert "step 2" in embedder.origin
    a, b, again = embedder(["A small, red circle!", "a large blue square", "a small red circle"])
    np.testing.assert_allclose(a, again, atol=1e-6)
    assert np.abs(a - b).max() > 1e-4
    # Words that it has never seen are unknown to it, and no error.
    assert np.isfinite(embedder(["gibberish"] * 20)).all()


def test_the_words_are_those_of_its_own_training(workdir, data):
    """Not those of the data that are embedded, whose words have other numbers."""
    config = text_config(workdir)
    few = load(config.data)
    few = replace(few, vocabulary=replace(few.vocabulary, words=few.vocabulary.words[::-1]))
    texts = data.train.captions.texts
    np.testing.assert_allclose(
        attach(config, few).train.captions.values, sentences.load(str(workdir))(texts), atol=1e-5
    )


def test_attach_embeds_every_split(data, module):
    reference = module("def embed(texts): return np.array([[len(t), 1.0] for t in texts])")
    config = text_config(reference)
    held = replace(data, validation=replace(data.test, name="validation"))
    embedded = attach(config, held)
    for part in (embedded.train, embedded.validation, embedded.test):
        captions = part.captions
        assert captions.values.dtype == np.float32
        np.testing.assert_array_equal(captions.values[:, 0], [len(t) for t in captions.texts])
    assert embedded.embedder.width == 2
    assert attach(config, embedded) is embedded
    assert attach(text_config(""), data) is data


def test_a_run_remembers_its_words_and_is_not_resumed_with_others(workdir, tmp_path):
    config = test_config("caption_encoder_shapes")
    config.log.tensorboard = False
    dataset = load(config.data)
    assert sentences.facts(dataset)["vocabulary"]["words"] == list(dataset.vocabulary.words)
    other = replace(dataset.vocabulary, words=(*dataset.vocabulary.words[1:], "new"))
    with pytest.raises(
        UserError, match="the data has changed since workdir .* its vocabulary"
    ) as e:
        train(config, workdir, replace(dataset, vocabulary=other))
    assert len(str(e.value)) < 400
    assert sentences.facts(attach(text_config("aae_jax.data.bag_of_words:embed"), dataset)) == {}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: None, "is no workdir of a run"),
        (lambda folder: folder.mkdir(), "it has no config.json"),
        (
            lambda folder: (
                folder.mkdir()
                or (folder / "config.json").write_text(test_config("aae_mnist").to_json())
            ),
            "it holds a run of method 'aae'",
        ),
    ],
)
def test_a_missing_encoder_is_said_before_any_work(data, tmp_path, make, message):
    make(tmp_path / "encoder")
    config = text_config(tmp_path / "encoder")
    for function in (lambda: check(config), lambda: train(config, tmp_path / "run", data)):
        with pytest.raises(UserError, match=message) as error:
            function()
        line = str(error.value)
        assert line.startswith(f"data.caption_encoder='{tmp_path / 'encoder'}' is no trained cap")
        assert "python -m aae_jax.main --config=configs/caption_encoder_shapes.py" in line
        assert "\n" not in line
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("embed = 3", "it is of type int, and must be a function"),
        ("def embed(texts): return np.zeros(len(texts))", r"float64\[2\] for 2 captions: it must"),
        ("def embed(texts): return np.zeros((1, 3))", r"float64\[1, 3\] for 2 captions"),
        ("def embed(texts): return np.zeros((len(texts), 0))", r"float64\[2, 0\] for 2"),
        ("def embed(texts): return np.ones((len(texts), 3), int)", r"int64\[2, 3\] for 2 captions"),
        (
            "def embed(texts): return np.full((len(texts), 3), np.nan)",
            "NaN or infinity for 'a small",
        ),
        ("def embed(texts): raise KeyError('red')", "fails with KeyError: 'red'"),
    ],
)
def test_a_function_that_gives_something_else_is_refused(module, body, message):
    with pytest.raises(UserError, match=message) as error:
        check(text_config(module(body)))
    assert "data.caption_encoder" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_width_that_changes_is_refused():
    widths = iter((3, 4))
    embedder = Embedder(lambda texts: np.zeros((len(texts), next(widths))), "it")
    with pytest.raises(UserError, match=r"it gives float64\[1, 4\] .* floats \[1, 3\]"):
        embedder(["a dot"])


def test_data_without_captions_is_refused():
    config = test_config("aae_mnist")
    config.data.caption_encoder = "aae_jax.data.bag_of_words:embed"
    with pytest.raises(UserError, match="reads captions, and data.name='random' has none"):
        attach(config, load(config.data))


@pytest.mark.parametrize(
    ("reads", "reference", "message"),
    [
        ({"vocabulary": 9}, None, "the game reads captions, and data.name='random' has none"),
        (
            {"vocabulary": 9},
            "aae_jax.data.bag_of_words:embed",
            "the game reads words, and data.cap",
        ),
        ({"sentence": 9}, "", "data.caption_encoder is empty: train an encoder with python -m"),
        (
            {"sentence": 9},
            "aae_jax.data.bag_of_words:embed",
            f"gives {bag_of_words.WIDTH}: set game.sentence={bag_of_words.WIDTH}",
        ),
    ],
)
def test_a_game_and_data_that_do_not_fit(data, reads, reference, message):
    game = Game({}, (), {}, **reads)
    if reference is None:
        dataset = load(test_config("aae_mnist").data)
        check_game(Game({}, (), {}), dataset)
    else:
        dataset = attach(text_config(reference), data)
    with pytest.raises(UserError, match=message) as error:
        check_game(game, dataset)
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_the_report_says_who_read_the_captions(tmp_path):
    config = text_config("aae_jax.data.bag_of_words:embed")
    config.evaluation.periodic = config.evaluation.figures = ()
    train(config, tmp_path)
    evaluate(config, tmp_path)
    report = (tmp_path / "report.html").read_text()
    assert "Captions read by" in report
    assert "aae_jax.data.bag_of_words:embed" in report

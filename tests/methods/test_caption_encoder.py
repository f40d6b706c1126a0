"""The caption encoder: its loss by hand, what dropping words does, that it learns, bad options."""

import jax
import numpy as np
import pytest

from aae_jax import data
from aae_jax.data.captions import END, UNKNOWN
from aae_jax.errors import UserError
from aae_jax.methods import caption_encoder
from tests.configs import test_config
from tests.methods.tools import infer, learn, play_phase, start

READ = np.array([[2, 3, 0, 0], [4, 5, 6, 7]], np.int32)
OTHER = np.array([[3, 0, 0, 0], [5, 4, 3, 2]], np.int32)
BATCH = {"caption": READ, "caption_other": OTHER}


def config(**game):
    one = test_config("caption_encoder_shapes")
    one.data.vocabulary = 8
    one.game.update(game)
    return one


def build(one):
    return caption_encoder.build(one, (32, 32, 3), steps_per_epoch=1)


@pytest.fixture(scope="module")
def started():
    game = build(config(word_dropout=0.0))
    return game, start(game)


def by_hand(logits):
    """Mean of -log p over the words of OTHER and the end of the first one."""
    log_p = np.log(jax.nn.softmax(np.asarray(logits, np.float64)))
    first = -(log_p[0, 0, 3] + log_p[0, 1, END]) / 2
    second = -(log_p[1, 0, 5] + log_p[1, 1, 4] + log_p[1, 2, 3] + log_p[1, 3, 2]) / 4
    return first, second


def test_the_loss_by_hand(started):
    game, state = started
    losses, _, uses = play_phase(game, state, "translation", BATCH)
    (((read,), sentence),) = uses["reader"]
    np.testing.assert_array_equal(read, READ)
    (((given, written), logits),) = uses["writer"]
    np.testing.assert_array_equal(given, sentence)
    np.testing.assert_array_equal(written, OTHER)
    loss = np.mean(by_hand(logits))
    np.testing.assert_allclose([losses["reader"], losses["writer"]], [loss, loss], rtol=1e-4)


def test_inference(started):
    game, state = started
    sentence = infer(game, state, "embed", READ)
    assert sentence.shape == (2, 6)
    nll = infer(game, state, "caption_nll", READ, OTHER)
    padded = infer(game, state, "caption_nll", READ, np.pad(OTHER, ((0, 0), (0, 2))))
    assert nll.shape == (2,)
    # A caption that fills its row has no end in it, and counts one more word in a longer row.
    np.testing.assert_allclose(nll[0], padded[0], rtol=1e-5)
    assert (game.vocabulary, game.sentence, game.components) == (8, 0, 0)


def test_words_are_dropped_in_training_only():
    game = build(config(word_dropout=0.4))
    state = start(game)
    batch = {name: np.tile(rows, (300, 1)) for name, rows in BATCH.items()}
    *_, uses = play_phase(game, state, "translation", batch)
    (((read,), _),) = uses["reader"]
    tokens = batch["caption"]
    lost = read != tokens
    assert (read[lost] == UNKNOWN).all()
    assert not lost[tokens == END].any()
    np.testing.assert_allclose(lost[tokens != END].mean(), 0.4, atol=0.05)
    ((_, written), _) = uses["writer"][0]
    np.testing.assert_array_equal(written, batch["caption_other"])
    np.testing.assert_array_equal(
        infer(game, state, "embed", READ, seed=1), infer(game, state, "embed", READ, seed=2)
    )


def test_it_learns_what_two_captions_share():
    one = config()
    one.data.update({"size": 400, "vocabulary": 64})
    one.game.sentence = 32
    one.network.update({"word": 16, "hidden": 32})
    one.optimizer.learning_rate = 0.01
    game = build(one)
    _, reported = learn(game, data.load(one.data), 120)
    loss = reported["translation/reader"]
    assert loss[-10:].mean() < 0.5 * loss[:3].mean()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"game.sentence": 0}, "game.sentence is 0: it must be at least 1"),
        ({"game.word_dropout": 1.0}, "game.word_dropout is 1.0: it must be at least 0 and below 1"),
        ({"network.word": 0}, "network.word is 0: it must be at least 1"),
        ({"network.hidden": -1}, "network.hidden is -1: it must be at least 1"),
    ],
)
def test_impossible_options(change, message):
    one = config()
    one.update_from_flattened_dict(change)
    with pytest.raises(UserError, match=message):
        build(one)

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.data import captions as data_captions
from aae_jax.networks import captions
from aae_jax.networks.captions import Reader, Writer

TOKENS = np.array([[2, 3, 4, 0], [2, 3, 0, 0], [5, 4, 3, 2]], np.int32)


@pytest.fixture(scope="module")
def reader():
    network = Reader(vocabulary=7, word=4, output=(5,))
    variables = network.init(jax.random.key(0), TOKENS, train=False)
    return jax.jit(lambda tokens: network.apply(variables, tokens, train=False)), network, variables


def test_a_caption_is_read_to_its_end_and_no_further(reader):
    read, *_ = reader
    sentence = read(TOKENS)
    assert sentence.shape == (3, 5)
    longer = read(np.pad(TOKENS, ((0, 0), (0, 3))))
    np.testing.assert_allclose(sentence, longer, atol=1e-6)
    shorter = read(TOKENS[1:2, :2])
    np.testing.assert_allclose(sentence[1:2], shorter, atol=1e-6)


def test_every_word_and_their_order_count(reader):
    read, *_ = reader
    base = read(TOKENS[2:])
    for place in range(4):
        changed = TOKENS[2:].copy()
        changed[0, place] = 6
        assert np.abs(read(changed) - base).max() > 1e-4
    assert np.abs(read(TOKENS[2:, ::-1]) - base).max() > 1e-4


def test_padding_alone_is_read_without_harm(reader):
    read, *_ = reader
    assert np.isfinite(read(np.zeros((2, 4), np.int32))).all()


def test_embeddings_have_mean_0_and_deviation_1_in_training(reader):
    _, network, variables = reader
    tokens = np.random.default_rng(0).integers(2, 7, size=(64, 6)).astype(np.int32)
    sentence, _ = network.apply(variables, tokens, train=True, mutable=["batch_stats"])
    np.testing.assert_allclose(sentence.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(sentence.std(axis=0), 1, atol=0.05)


def test_the_writer_sees_the_sentence_and_the_words_before():
    network = Writer(vocabulary=7, word=4, hidden=6)
    sentence = jax.random.normal(jax.random.key(1), (3, 5))
    variables = network.init(jax.random.key(0), sentence, TOKENS, train=False)

    @jax.jit
    def write(sentence, tokens):
        return network.apply(variables, sentence, tokens, train=False)

    logits = write(sentence, TOKENS)
    assert logits.shape == (3, 4, 7)
    for place in range(4):
        changed = TOKENS.copy()
        changed[:, place] = 6
        moved = np.abs(write(sentence, changed) - logits).max(axis=(0, 2)) > 1e-7
        # The word itself, and all before it, are predicted without it.
        assert not moved[: place + 1].any()
        assert moved[place + 1 :].all()
    other = write(sentence + jnp.ones_like(sentence), TOKENS)
    assert (np.abs(other - logits).max(axis=2) > 1e-6).all()


def test_the_end_is_that_of_the_data():
    assert captions.END == data_captions.END

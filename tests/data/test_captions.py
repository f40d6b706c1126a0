import numpy as np
import pytest

from aae_jax.data.aspects import Aspect, label_of, numbers_of
from aae_jax.data.captions import (
    END,
    UNKNOWN,
    Captions,
    gather,
    make_vocabulary,
    replace_word,
    words,
)
from aae_jax.errors import UserError

OF_IMAGES = [("A red, red dot.", "the dot"), ("the bar",), ("the the the dot is red",)]


@pytest.fixture
def vocabulary():
    return make_vocabulary((text for of_image in OF_IMAGES for text in of_image), 100, 0)


def test_words_have_no_case_and_no_punctuation():
    assert words("The flower's petals -- pink, ROUND & 2-sided!") == [
        *("the", "flower's", "petals", "pink", "round", "2", "sided")
    ]
    assert words("Überzug ’") == ["überzug"]
    assert words("... !") == []


def test_frequent_words_come_first_and_ties_by_the_alphabet(vocabulary):
    assert vocabulary.words == ("the", "dot", "red", "a", "bar", "is")
    assert len(vocabulary) == 8
    assert vocabulary.length == 6  # words of the longest caption


def test_tokens_are_filled_up_and_cut(vocabulary):
    rows = vocabulary.tokens(["a green dot", "the the the dot is red the end"])
    assert rows.dtype == np.int32
    np.testing.assert_array_equal(rows[0], [5, UNKNOWN, 3, END, END, END])
    np.testing.assert_array_equal(rows[1], [2, 2, 2, 3, 7, 4])


def test_a_small_vocabulary_keeps_the_most_frequent():
    texts = [text for of_image in OF_IMAGES for text in of_image]
    small = make_vocabulary(texts, 4, 3)
    assert small.words == ("the", "dot")
    np.testing.assert_array_equal(small.tokens(["the red dot now"]), [[2, UNKNOWN, 3]])


def test_a_caption_without_words_is_refused(vocabulary):
    with pytest.raises(UserError, match=r"the caption '\?!' has no words"):
        vocabulary.tokens(["the dot", "?!"])


def test_which_captions_belong_to_which_image(vocabulary):
    captions = gather(OF_IMAGES, vocabulary)
    assert [captions.of(i) for i in range(3)] == OF_IMAGES
    np.testing.assert_array_equal(captions.starts, [0, 2, 3, 4])
    assert captions.values.shape == (4, 6)
    images = np.array([[0, 0, 0], [1, 2, 2]])
    draw = np.array([[0.0, 0.49, 0.5], [0.99, 0.0, 1 - 1e-12]])
    rows = captions.rows(images, draw)
    assert rows.dtype == np.int32
    np.testing.assert_array_equal(rows, [[0, 0, 1], [2, 3, 3]])


def test_other_values_leave_the_captions(vocabulary):
    captions = gather(OF_IMAGES, vocabulary)
    vectors = np.zeros((4, 2), np.float32)
    other = captions.with_values(vectors)
    assert isinstance(other, Captions)
    assert (other.texts, other.values is vectors) == (captions.texts, True)


def test_replacing_a_word():
    assert replace_word("Red: a red dot, reddish.", "red", "blue") == "blue: a blue dot, reddish."
    assert replace_word("a red dot", "green", "blue") == "a red dot"
    assert replace_word("a red dot", "red", r"\1") == r"a \1 dot"


def test_labels_and_numbers_of_aspects():
    aspects = (Aspect("colour", ("red", "green", "blue")), Aspect("shape", ("dot", "bar")))
    colour, shape = np.array([0, 2, 1]), np.array([1, 0, 1])
    label = label_of(aspects, (colour, shape))
    np.testing.assert_array_equal(label, [1, 4, 3])
    numbers = numbers_of(aspects, label)
    np.testing.assert_array_equal(numbers["colour"], colour)
    np.testing.assert_array_equal(numbers["shape"], shape)

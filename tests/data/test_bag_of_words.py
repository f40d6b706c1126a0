import numpy as np
import pytest

from aae_jax.data.bag_of_words import WIDTH, embed
from aae_jax.errors import UserError

RED = [-0.465927, 0.283932, -0.3185]  # the first numbers of one word's direction


def test_every_word_has_a_direction_of_its_own():
    sentence = embed(["red", "blue", "a red dot", "a blue dot", "Dot a, RED!"])
    assert sentence.shape == (5, WIDTH)
    assert sentence.dtype == np.float32
    assert 0.8 < sentence[0].std() < 1.2
    # One word changed: the difference is that of the two words.
    np.testing.assert_allclose(
        (sentence[2] - sentence[3]) * np.sqrt(3), sentence[0] - sentence[1], atol=1e-5
    )
    np.testing.assert_allclose(sentence[4], sentence[2], rtol=1e-5)


def test_the_numbers_stay_the_same():
    """A trained model reads them: they must not depend on the process or the version."""
    np.testing.assert_allclose(embed(["red"])[0, :3], RED, rtol=1e-4)


def test_a_caption_without_words_is_refused():
    with pytest.raises(UserError, match="the caption '!' has no words"):
        embed(["red", "!"])

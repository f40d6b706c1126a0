import numpy as np

from aae_jax.data.stream import generator


def test_a_stream_is_what_it_always_was():
    """Recorded runs drew their batches and subsets from it."""
    np.testing.assert_allclose(generator(0, 3).random(3), [0.94843879, 0.19448991, 0.25724402])
    assert generator(0).random() == generator(0).random() != generator(0, 3).random()

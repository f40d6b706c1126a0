"""Exports of the models that read captions."""

import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.exports import programs
from tests.untrained import untrained


def test_the_prior_of_captions_is_exported_with_the_width_of_its_sentences():
    model = untrained("learned_prior_shapes_text")
    [program] = programs.make(model, "caption_prior")
    assert program.size is None
    (sentence,) = program.inputs
    assert sentence.shape[1:] == (200,)
    assert {name: part.shape[1:] for name, part in program.output.items()} == model.code_shapes
    assert np.issubdtype(sentence.dtype, np.floating)


@pytest.mark.parametrize("name", ["embed", "caption_nll"])
def test_a_caption_encoder_says_why_it_cannot_be_exported(name):
    with pytest.raises(UserError, match=f"cannot export the function {name}: it reads captions of"):
        programs.make(untrained("caption_encoder_shapes"), name)

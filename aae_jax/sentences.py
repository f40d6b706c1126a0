"""Sentence embeddings: captions as vectors, by a trained caption encoder or by your own function.

`config.data.caption_encoder` names the workdir of a run of method `caption_encoder`, or a function
`module:function`, which takes a list of N strings and gives floats (N, d); best of mean 0 and
deviation 1 in each dimension, as the trained encoder's are. Either is frozen: no game trains it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from absl import logging
from ml_collections import ConfigDict

from aae_jax import user_code
from aae_jax.data import Dataset
from aae_jax.data.captions import Vocabulary
from aae_jax.errors import UserError
from aae_jax.game import Game
from aae_jax.inference import load_of_method

_EXAMPLES = ("a small red circle", "a large blue square at the top")


class Embedder:
    """Captions to vectors.

    Args:
        embed: N strings -> floats (N, d).
        origin: where it comes from, in words.

    Attributes:
        origin: as given.
        width: d.

    Raises:
        UserError: it gives other arrays, or fails.
    """

    def __init__(self, embed: Callable[[list[str]], np.ndarray], origin: str) -> None:
        self.origin = origin
        self._embed = embed
        self.width = 0
        self.width = self(_EXAMPLES).shape[1]

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Embeddings, float32 (N, d), of N captions.

        Raises:
            UserError: a caption without words, or an embedding that is not finite.
        """
        try:
            sentence = np.asarray(self._embed(list(texts)))
        except UserError:
            raise
        except Exception as error:  # A user's function may raise anything.
            raise UserError(f"{self.origin} fails with {user_code.explain(error)}") from error
        width = self.width or "d"
        if (
            sentence.ndim != 2
            or len(sentence) != len(texts)
            or sentence.shape[1] == 0
            or self.width not in (0, sentence.shape[1])
            or not np.issubdtype(sentence.dtype, np.floating)
        ):
            raise UserError(
                f"{self.origin} gives {sentence.dtype}{list(sentence.shape)} for {len(texts)} "
                f"captions: it must give floats [{len(texts)}, {width}]"
            )
        if not np.isfinite(sentence).all():
            first = int(np.argwhere(~np.isfinite(sentence))[0, 0])
            raise UserError(f"{self.origin} gives NaN or infinity for {texts[first]!r}: mend it")
        return sentence.astype(np.float32)


def load(reference: str) -> Embedder:
    """The embedder that `data.caption_encoder` names.

    Args:
        reference: the workdir of a trained caption encoder (its trial 0), or `module:function`.

    Raises:
        UserError: it is neither.
    """
    if ":" in reference:
        function = user_code.find(reference, "data.caption_encoder")
        return Embedder(function, f"data.caption_encoder='{reference}'")
    try:
        model, info = load_of_method(reference, "caption_encoder")
    except UserError as error:
        raise UserError(
            f"data.caption_encoder='{reference}' is no trained caption encoder: {error}; train one "
            "with python -m aae_jax.main --config=configs/caption_encoder_shapes.py (or _flowers) "
            "and name its workdir, or name a function of yours, module:function"
        ) from error
    vocabulary = Vocabulary(tuple(info["vocabulary"]["words"]), info["vocabulary"]["length"])
    origin = f"the caption encoder in {reference} ({model.config.data.name}, step {model.step:,})"
    return Embedder(lambda texts: model.embed(vocabulary.tokens(texts)), origin)


def facts(dataset: Dataset) -> dict[str, dict]:
    """What a checkpoint must say of the captions, so that it can be used without the data."""
    vocabulary = dataset.vocabulary
    if vocabulary is None or dataset.embedder is not None:
        return {}
    return {"vocabulary": {"words": list(vocabulary.words), "length": vocabulary.length}}


def check(config: ConfigDict) -> None:
    """Checks, without the data, that `data.caption_encoder` names an embedder or nothing.

    Raises:
        UserError: it does not.
    """
    if config.data.caption_encoder:
        load(config.data.caption_encoder)


def attach(config: ConfigDict, dataset: Dataset) -> Dataset:
    """The data set with embeddings in the place of word numbers; itself where none are named.

    Raises:
        UserError: there is no such embedder, or the data has no captions.
    """
    reference = config.data.caption_encoder
    if not reference or dataset.embedder is not None:
        return dataset
    if dataset.vocabulary is None:
        raise UserError(
            f"data.caption_encoder='{reference}' reads captions, and data.name='{dataset.name}' "
            "has none: leave it empty"
        )
    embedder = load(reference)
    # Many captions are said of more than one image.
    texts = sorted({text for split in dataset.splits.values() for text in split.captions.texts})
    logging.info("Embedding %s different captions by %s.", f"{len(texts):,}", embedder.origin)
    sentence, row = embedder(texts), {text: i for i, text in enumerate(texts)}
    embedded = {
        role: replace(
            split,
            captions=split.captions.with_values(
                sentence[[row[text] for text in split.captions.texts]]
            ),
        )
        for role, split in dataset.splits.items()
    }
    return replace(dataset, embedder=embedder, **embedded)


def check_game(game: Game, dataset: Dataset) -> None:
    """Refuses data that cannot give the captions that a game reads.

    Raises:
        UserError: saying what to set.
    """
    if not game.vocabulary and not game.sentence:
        return
    if dataset.vocabulary is None:
        raise UserError(
            f"the game reads captions, and data.name='{dataset.name}' has none: choose "
            "data.name=captioned_folder or captioned_shapes, or settings without captions"
        )
    embedder = dataset.embedder
    if game.vocabulary and embedder is not None:
        raise UserError(
            f"the game reads words, and {embedder.origin} gives vectors: leave "
            "data.caption_encoder empty"
        )
    if game.sentence and embedder is None:
        raise UserError(
            "the game reads sentence embeddings, and data.caption_encoder is empty: train an "
            "encoder with python -m aae_jax.main --config=configs/caption_encoder_shapes.py (or "
            "_flowers) and name its workdir"
        )
    if game.sentence and game.sentence != embedder.width:
        raise UserError(
            f"the game reads sentence embeddings of {game.sentence} dimensions, and "
            f"{embedder.origin} gives {embedder.width}: set game.sentence={embedder.width}"
        )

"""Inception-v3 with the weights that the Fréchet inception distance is defined by, as the judge."""

from pathlib import Path
from typing import Any

import jax
import numpy as np

from aae_jax.data import Dataset
from aae_jax.errors import UserError
from aae_jax.networks import inception
from aae_jax.scorer.unit import to_unit
from aae_jax.scorer.weights import read_weights

_BATCH = 50  # images in a compiled call; a request is filled up to a multiple of it


class InceptionJudge:
    """Inception-v3 for a data set's images, of any size, grey or in colour.

    Args:
        variables: of `networks.inception.Inception`.
        dataset: the data whose images, original or generated, are to be judged.
        origin: where the weights come from, in words.

    Attributes:
        origin: as given.
        input_shape: (H, W, C) that images are brought to.
        input_range: what black and white become.
        width: number of features.
    """

    input_shape = (inception.SIZE, inception.SIZE, 3)
    input_range = inception.RANGE
    width = inception.FEATURES

    def __init__(self, variables: Any, dataset: Dataset, origin: str) -> None:
        self.origin = origin
        self._split = dataset.test
        self._variables = jax.device_put(variables)
        self._apply = jax.jit(
            lambda variables, x: inception.Inception().apply(variables, inception.prepare(x))
        )

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Probabilities (N, 1008) of images (N, H, W, C) in the data's value range.

        Raises:
            UserError: images outside the data's value range.
        """
        logits = self._judge(x)[0].astype(np.float64)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)

    def features(self, x: np.ndarray) -> np.ndarray:
        """Features (N, 2048), of the last pooling; errors as in `predict`."""
        return self._judge(x)[1]

    def _judge(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        unit = to_unit(self._split, x, self.origin)
        parts = []
        for start in range(0, len(unit), _BATCH):
            part = unit[start : start + _BATCH]
            filled = np.pad(part, [(0, _BATCH - len(part)), (0, 0), (0, 0), (0, 0)])
            opinion = self._apply(self._variables, filled)
            parts.append([np.asarray(of_all)[: len(part)] for of_all in opinion])
        logits, features = (np.concatenate(of_parts) for of_parts in zip(*parts, strict=True))
        return logits, features


def load(path: str) -> Any:
    """The network's variables in a file of weights.

    Raises:
        UserError: the file is missing or does not hold these weights.
    """
    try:
        return inception.from_torch(read_weights(Path(path)))
    except UserError as error:
        raise UserError(
            f"evaluation.inception='{path}' does not give the Inception-v3 of FID: {error}; take "
            "pt_inception-2015-12-05-6726825d.pth, which the project pytorch-fid publishes, and "
            "convert it with python launch/convert_inception.py FILE.pth FILE.safetensors"
        ) from error


def for_data(path: str, dataset: Dataset) -> InceptionJudge:
    """Inception with the weights in a file as the judge of a data set.

    Raises:
        UserError: there are no such weights, or the data are no grey or colour images.
    """
    shape = dataset.example_shape
    if len(shape) != 3 or shape[-1] not in (1, 3):
        raise UserError(
            f"evaluation.inception='{path}' judges grey and colour images, and "
            f"data.name='{dataset.name}' has examples of shape {shape}: leave it empty"
        )
    return InceptionJudge(load(path), dataset, f"Inception-v3 of FID with the weights in {path}")

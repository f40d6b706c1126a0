"""The judge of generated images: a classifier that was trained independently, in a run of its own.

`config.evaluation.classifier` names the workdir of that run.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from ml_collections import ConfigDict

from aae_jax.checkpoint import read_info
from aae_jax.data import Dataset
from aae_jax.errors import UserError
from aae_jax.inference import Model, load_trials
from aae_jax.workdir import read_config

_TOLERANCE = 1e-3  # of the value range: rounding, but no other range


class Scorer:
    """A classifier of a data set's images, which reads them in that set's value range.

    Args:
        model: the classifier.
        dataset: the data whose images, original or generated, are to be judged.
        origin: where the classifier comes from, in words.
    """

    def __init__(self, model: Model, dataset: Dataset, origin: str) -> None:
        self.origin = origin
        self._model = model
        self._shape = dataset.example_shape
        self._to_unit = dataset.test.to_unit

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Class probabilities (N, K) of images (N, H, W, C).

        Raises:
            UserError: images of another size, or outside the data's value range.
        """
        return self._model.predict(self._convert(x))

    def features(self, x: np.ndarray) -> np.ndarray:
        """Features (N, F) of images (N, H, W, C); errors as in `predict`."""
        return self._model.features(self._convert(x))

    def _convert(self, x: np.ndarray) -> np.ndarray:
        """Images in the value range that the classifier was trained in."""
        if x.shape[1:] != self._shape:
            raise UserError(
                f"{self.origin} judges images of shape {self._shape}, and was given {x.shape[1:]}"
            )
        unit = self._to_unit(x)
        lowest, highest = unit.min(initial=0.0), unit.max(initial=1.0)
        if not (lowest >= -_TOLERANCE and highest <= 1 + _TOLERANCE):  # NaN is outside too
            raise UserError(
                f"{self.origin} was given images that leave the data's value range: they reach "
                f"from {lowest:.4g} to {highest:.4g} where 0 is its lower and 1 its upper end; "
                "give the decoder an output within it, or ask for no metric that needs a classifier"
            )
        lo, hi = self._model.config.data.value_range
        return (lo + (hi - lo) * unit).astype(np.float32)


def check(config: ConfigDict) -> None:
    """Checks, without the data, that `evaluation.classifier` names a trained classifier or none.

    Raises:
        UserError: it does not.
    """
    if config.evaluation.classifier:
        _load(config.evaluation.classifier)


def attach(config: ConfigDict, dataset: Dataset) -> Dataset:
    """The data set with the scorer that `evaluation.classifier` names; itself where that is empty.

    Raises:
        UserError: there is no trained classifier, or it is one of other images or classes.
    """
    folder = config.evaluation.classifier
    if not folder:
        return dataset
    model, shape = _load(folder)
    if shape != dataset.example_shape:
        raise UserError(
            f"evaluation.classifier='{folder}' was trained on images of shape {shape}, and "
            f"data.name='{dataset.name}' has examples of {dataset.example_shape} here: train one "
            "on such images"
        )
    if model.components != dataset.num_classes:
        raise UserError(
            f"evaluation.classifier='{folder}' tells {model.components} classes apart, and "
            f"data.name='{dataset.name}' has {dataset.num_classes}: train one on this data"
        )
    origin = f"the classifier in {folder} ({model.config.data.name}, step {model.step:,})"
    return replace(dataset, scorer=Scorer(model, dataset, origin))


def _load(folder: str) -> tuple[Model, tuple[int, ...]]:
    """The classifier (of trial 0) in a workdir, and the shape of its images."""
    try:
        config = read_config(Path(folder))
        if config.get("method") != "classifier":
            raise UserError(f"it holds a run of method '{config.get('method')}'")
        info = read_info(Path(folder), config.evaluation.checkpoint)
        model = load_trials(config, folder)[0]
    except UserError as error:
        raise UserError(
            f"evaluation.classifier='{folder}' is no trained classifier: {error}; train one with "
            "python -m aae_jax.main --config=configs/classifier_mnist.py (or _digits, _svhn) and "
            "name its workdir"
        ) from error
    return model, tuple(info["shape"])

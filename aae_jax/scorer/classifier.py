"""A classifier of the house as the judge: trained on the data, in a run of its own."""

import numpy as np

from aae_jax.data import Dataset
from aae_jax.errors import UserError
from aae_jax.inference import Model, load_of_method
from aae_jax.scorer.unit import to_unit


class Scorer:
    """A classifier of a data set's images, which reads them in that set's value range.

    Args:
        model: the classifier.
        dataset: the data whose images, original or generated, are to be judged.
        origin: where the classifier comes from, in words.

    Attributes:
        origin: as given.
        input_shape: (H, W, C) that the classifier reads.
        input_range: what black and white become in it.
        width: number of its features.
    """

    def __init__(self, model: Model, dataset: Dataset, origin: str) -> None:
        self.origin = origin
        self.input_shape = dataset.example_shape
        self.input_range = tuple(model.config.data.value_range)
        self.width = model.config.network.features
        self._model = model
        self._split = dataset.test

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
        if x.shape[1:] != self.input_shape:
            raise UserError(
                f"{self.origin} judges images of shape {self.input_shape}, and was given "
                f"{x.shape[1:]}"
            )
        lo, hi = self.input_range
        return (lo + (hi - lo) * to_unit(self._split, x, self.origin)).astype(np.float32)


def load(folder: str) -> tuple[Model, tuple[int, ...]]:
    """The classifier (of trial 0) in a workdir, and the shape of its images.

    Raises:
        UserError: the folder holds no trained classifier.
    """
    try:
        model, info = load_of_method(folder, "classifier")
    except UserError as error:
        raise UserError(
            f"evaluation.classifier='{folder}' is no trained classifier: {error}; train one with "
            "python -m aae_jax.main --config=configs/classifier_mnist.py (or _digits, _shapes, "
            "_svhn) and name its workdir"
        ) from error
    return model, tuple(info["shape"])


def for_data(folder: str, dataset: Dataset) -> Scorer:
    """The classifier in a workdir as the judge of a data set.

    Raises:
        UserError: there is no trained classifier, or it is one of other images or classes.
    """
    model, shape = load(folder)
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
    return Scorer(model, dataset, origin)

"""What a metric or a figure needs of the model and of the data, checked before long work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from aae_jax.errors import UserError
from aae_jax.metrics.extractor import FEWEST, images_each

Code = dict[str, np.ndarray]


class Model(Protocol):
    """The part of `aae_jax.model.Model` that metrics and figures use; numpy in and out."""

    components: int
    conditioned: bool
    code_shapes: dict[str, tuple[int, ...]]

    def has(self, name: str) -> bool: ...

    def encode(
        self, x: np.ndarray, seed: int | None = None, label: np.ndarray | None = None
    ) -> Code: ...

    def decode(self, code: Code) -> np.ndarray: ...

    def prior(self, n: int, seed: int, component: int | None = None) -> Code: ...

    def sample(self, n: int, seed: int, component: int | None = None) -> np.ndarray: ...

    def reconstruct(
        self, x: np.ndarray, seed: int | None = None, label: np.ndarray | None = None
    ) -> np.ndarray: ...

    def interpolate(self, x_a: np.ndarray, x_b: np.ndarray, steps: int) -> np.ndarray: ...

    def predict(self, x: np.ndarray) -> np.ndarray: ...

    def call(self, name: str, *inputs: Any, seed: int = 0) -> Any: ...

    def sample_captions(self, sentence: np.ndarray, seed: int) -> np.ndarray: ...

    def caption_nll(self, tokens: np.ndarray, other: np.ndarray) -> np.ndarray: ...

    def log_joint(self, z: np.ndarray) -> np.ndarray: ...

    def component_of(self, z: np.ndarray) -> np.ndarray: ...

    def axis(self, u: np.ndarray) -> Code: ...


@dataclass(frozen=True)
class Needs:
    """Requirements of a metric or figure.

    Attributes:
        functions: inference functions that the method must have.
        labels: the data must have labels, the images that are trained on as well as the test ones.
        components: the method must have mixture components or clusters.
        class_components: there must be one component, cluster or class output for each class.
        validation: some data must be held out of training, apart from the test set.
        data: 'images' for [H, W, C] examples, 'plane' for points of the plane, 'drawable' for
            either of them, '' for any data.
        modes: 'any' for data whose modes are known, 'wide' for such modes with a standard
            deviation, 'points' for data that repeats a few points, '' for any data.
        code_width: number of dimensions that the code `z` must have, 0 for any.
        only_z: the code must have no part but `z`.
        unconditioned: the decoder must not read labels.
        with_y: the code must have a part `y` beside `z`.
        classifier: an independently trained classifier must be named.
        extractor: a network that compares sets of images must be named: Inception or a classifier.
        captions: how the data's captions must be read, 'words' or 'sentences'; '' for any data.
        aspects: the labels must say these respects, such as 'colour'.
        least_test: number of test examples that there must be.
        covariance: there must be more images than that network has features, or their covariance
            is singular.
        train_components: there must be as many training examples as components or clusters.
    """

    functions: tuple[str, ...] = ()
    labels: bool = False
    components: bool = False
    class_components: bool = False
    validation: bool = False
    data: str = ""
    modes: str = ""
    code_width: int = 0
    only_z: bool = False
    unconditioned: bool = False
    with_y: bool = False
    classifier: bool = False
    extractor: bool = False
    covariance: bool = False
    train_components: bool = False
    captions: str = ""
    aspects: tuple[str, ...] = ()
    least_test: int = 1

    def missing(self, model: Model, dataset: Any) -> str:
        """Says what is not there, or '' when everything is; computes nothing."""
        absent = [name for name in self.functions if not model.has(name)]
        if absent:
            return f"the method has no function {', '.join(absent)}"
        if self.components and model.components < 1:
            return "the method has no mixture components or clusters"
        if self.labels and dataset.test.label is None:
            return "the data has no labels"
        if self.labels and dataset.train.label is None:
            return "some of the training data has no labels"
        if self.class_components and model.components != dataset.num_classes:
            return (
                f"the method has {model.components} components or clusters, not one for each of "
                f"the data's {dataset.num_classes} classes"
            )
        if self.train_components and len(dataset.train) < model.components:
            return (
                f"it takes {model.components} training examples, and there are {len(dataset.train)}"
            )
        if len(dataset.test) < self.least_test:
            return f"it takes {self.least_test} test examples, and there are {len(dataset.test)}"
        if self.validation and dataset.validation is None:
            return (
                "no data is held out for validation, as data.validation_split or "
                "data.validation_size would do"
            )
        shape = dataset.example_shape
        if self.data == "images" and len(shape) != 3:
            return f"the data are no images but points of shape {tuple(shape)}"
        if self.data == "drawable" and len(shape) != 3 and tuple(shape) != (2,):
            return f"examples of shape {tuple(shape)} are neither images nor points of the plane"
        if self.data == "plane" and tuple(shape) != (2,):
            return f"examples of shape {tuple(shape)} are no points of the plane"
        if self.modes and dataset.modes is None:
            return (
                "nothing is known of the data's modes, as it is of generated sets such as "
                "data.name=gaussian_grid"
            )
        if self.modes == "wide" and dataset.modes.std == 0:
            return "the data's modes are points without width"
        if self.modes == "points" and dataset.modes.std > 0:
            return "the data are not a few points, each repeated, as data.name=four_points is"
        if self.code_width and "z" not in model.code_shapes:
            return "the code has no part z"
        if self.code_width and model.code_shapes["z"] != (self.code_width,):
            return f"the code's shape is {model.code_shapes['z']}, not ({self.code_width},)"
        if self.only_z and set(model.code_shapes) != {"z"}:
            return f"the code has the parts {', '.join(sorted(model.code_shapes))}, not z alone"
        if self.unconditioned and model.conditioned:
            return "the method's decoder reads labels, which images between two others lack"
        if self.with_y and "y" not in model.code_shapes:
            return "the code has no part y"
        if self.captions and (dataset.vocabulary is None or dataset.test.captions is None):
            return "the data has no captions"
        if self.captions == "words" and dataset.embedder is not None:
            return "captions are read as vectors: leave data.caption_encoder empty"
        if self.captions == "sentences" and dataset.embedder is None:
            return "captions are not read as vectors, as data.caption_encoder would have them"
        absent = [name for name in self.aspects if name not in dict(dataset.aspects)]
        if absent:
            return f"the data's labels do not say the {' and the '.join(absent)}"
        if self.classifier and dataset.scorer is None:
            return (
                "no classifier is named, as evaluation.classifier=runs/classifier_mnist would do "
                "after python -m aae_jax.main --config=configs/classifier_mnist.py"
            )
        return self._missing_of_extractor(dataset) if self.extractor else ""

    def _missing_of_extractor(self, dataset: Any) -> str:
        if dataset.extractor is None:
            return (
                "no network is named that judges images, as evaluation.inception=FILE of "
                "Inception's weights would do, or evaluation.classifier=runs/classifier_mnist "
                "after python -m aae_jax.main --config=configs/classifier_mnist.py"
            )
        images, width = images_each(dataset), dataset.extractor.width
        if images < FEWEST:
            return f"it compares at least {FEWEST} images, and the smaller split has {images}"
        if self.covariance and images <= width:
            return (
                f"covariances of {width:,} features take more images than that, and there are "
                f"{images:,} to compare; kid and precision_recall do with fewer"
            )
        return ""


def check_name(field: str, name: str, table: Mapping[str, Any]) -> None:
    """Refuses a name that the table lacks.

    Args:
        field: config field that holds the name, for the message.
        name: what the config asks for.
        table: name -> record.

    Raises:
        UserError: it does not exist.
    """
    if name not in table:
        known = ", ".join(sorted(table))
        raise UserError(f"{field} names '{name}', which does not exist; known are {known}")


def check(field: str, needs: Mapping[str, Needs], model: Model, dataset: Any) -> None:
    """Refuses names that this model and data cannot give.

    Args:
        field: config field that holds the names, for the message.
        needs: what the config asks for -> what it needs.
        model: a model of the config's method; only asked what it has.
        dataset: the loaded data.

    Raises:
        UserError: on the first name that cannot be given.
    """
    for name, asked in needs.items():
        if missing := asked.missing(model, dataset):
            raise UserError(f"{field} asks for '{name}', but {missing}; remove it from the config")

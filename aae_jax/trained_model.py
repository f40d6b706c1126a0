"""The model that a user holds: it checks what it is given, and says what it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np
from ml_collections import ConfigDict

from aae_jax.data import to_float
from aae_jax.data.dataset import RANGE_TOLERANCE
from aae_jax.errors import UserError
from aae_jax.model import FEW, Code, Functions, Model

# What a user may call, and the inference functions that it takes.
_CALLS = {
    "encode": ("encode",),
    "posterior": ("encode", "posterior"),
    "decode": ("decode",),
    "reconstruct": ("encode", "decode"),
    "interpolate": ("encode", "decode"),
    "prior": ("prior",),
    "sample": ("prior", "decode"),
    "caption_prior": ("caption_prior",),
    "sample_captions": ("caption_prior", "decode"),
    "embed": ("embed",),
    "caption_nll": ("caption_nll",),
    "predict": ("predict",),
    "features": ("features",),
    "log_joint": ("log_joint",),
    "component_of": ("component_of",),
    "axis": ("axis",),
}


class TrainedModel(Model):
    """A `Model` for use outside of its run, made by `aae_jax.load`.

    Where an argument is of the wrong kind, shape or range, a `UserError` (a ValueError) says so in
    one line. Any number of examples goes, also none.

    Args:
        config, functions, params, batch_stats, step: as in `Model`.
        example_shape: (H, W, C) of an image or (D,) of a point.
        class_names: what the labels of its data are called, () where by their numbers.
        trial: which of the run's trials it is.
        origin: folder that it was loaded from.
    """

    def __init__(
        self,
        config: ConfigDict,
        functions: Functions,
        params: Mapping[str, Any],
        batch_stats: Mapping[str, Any],
        step: int,
        *,
        example_shape: tuple[int, ...],
        class_names: tuple[str, ...],
        trial: int,
        origin: Path,
    ) -> None:
        super().__init__(config, functions, params, batch_stats, step)
        self.example_shape = example_shape
        self.class_names = class_names
        self.trial = trial
        self.origin = origin

    @property
    def calls(self) -> tuple[str, ...]:
        """The methods of this object that its method of the paper has the functions for."""
        return tuple(name for name, needed in _CALLS.items() if all(map(self.has, needed)))

    @property
    def code_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each part of one example's code; {} for a model without codes."""
        shapes = super().code_shapes
        # Without a prior an encoder tells, unless it reads labels, which come with a prior.
        if shapes or not self.has("encode") or self.functions.encoder_reads_labels:
            return shapes
        x = jax.ShapeDtypeStruct((FEW, *self.example_shape), np.float32)
        code = self.outline("encode", x)
        return {name: part.shape[1:] for name, part in code.items()}

    @property
    def value_range(self) -> tuple[float, float] | None:
        """(lo, hi) of the images' values; None for points and for standardised images."""
        if len(self.example_shape) != 3 or self.config.data.standardise:
            return None
        lo, hi = self.config.data.value_range
        return float(lo), float(hi)

    def __repr__(self) -> str:
        config = self.config
        trial = f", trial {self.trial} of {config.trials}" if config.trials > 1 else ""
        examples = f"float32 (N, {', '.join(map(str, self.example_shape))})"
        if self.value_range:
            examples += " from {:g} to {:g}".format(*self.value_range)
        elif config.data.standardise:
            examples += ", standardised"
        lines = [
            f"{config.method} trained on {config.data.name}, step {self.step:,}{trial}, from "
            f"{self.origin}",
            f"  examples: {examples}",
        ]
        if code := self.code_shapes:
            lines.append(f"  code: {_parts(code)}")
        if self.components:
            lines.append(f"  components or classes: {self.components}")
        if self.class_names:
            lines.append(f"  labels of its data: {self.labels_in_words}")
        if self.conditioned:
            lines.append("  images need their labels: pass label=")
        lines.append(f"  calls: {', '.join(self.calls)}")
        return "\n".join(lines)

    @property
    def labels_in_words(self) -> str:
        """The labels of its data with their names, for a reader."""
        return ", ".join(f"{k} {name}" for k, name in enumerate(self.class_names))

    def from_uint8(self, images: np.ndarray) -> np.ndarray:
        """Images of pixels 0 to 255, uint8 (N, H, W, C), as the model reads them: float32.

        Raises:
            UserError: other images, or a model that does not read pixels on one scale.
        """
        scale = self._scale()
        images = _array(images, "images")
        if images.dtype != np.uint8:
            raise UserError(f"from_uint8 converts images of uint8, and these are {images.dtype}")
        self._check_shape(images)
        return to_float(images, scale)

    def to_uint8(self, x: np.ndarray) -> np.ndarray:
        """Images as the model makes them, float (..., H, W, C), as pixels 0 to 255: uint8.

        What lies outside of `value_range` becomes 0 or 255.

        Raises:
            UserError: images that are not finite, or a model without pixels on one scale.
        """
        lo, hi = self._scale()
        x = _floats(x, "images")
        _check_finite(x, "image")
        return np.clip(np.rint((x - lo) * (255 / (hi - lo))), 0, 255).astype(np.uint8)

    def _scale(self) -> tuple[float, float]:
        if self.value_range:
            return self.value_range
        if self.config.data.standardise:
            raise UserError(
                "this model reads standardised images, whose means and deviations are those of its "
                "training data: take them from aae_jax.data.load(model.config.data).test.x()"
            )
        raise UserError(f"this model reads points of {self.example_shape[0]} numbers, no images")

    def encode(
        self, x: np.ndarray, seed: int | None = None, label: np.ndarray | None = None
    ) -> Code:
        """As `Model.encode`; images must be finite and in `value_range`."""
        self._require("encode")
        return super().encode(
            self._examples(x), None if seed is None else _count(seed, "seed", 0), label
        )

    def posterior(
        self, x: np.ndarray, draws: int, seed: int, label: np.ndarray | None = None
    ) -> Code:
        """Draws of q(code|x), several for each image.

        Args:
            x: images (N, H, W, C).
            draws: number S of draws for each.
            seed: of the draws.
            label: as in `encode`.

        Returns:
            The parts of the code, each (N, S, ...).

        Raises:
            UserError: the model has no posterior, `draws` is below 1 or `seed` below 0, the images
                are not such as it was trained on, or it needs labels and there are no such ones.
        """
        self._require("posterior")
        draws, x = _count(draws, "draws", 1), self._examples(x)
        n = len(x)
        if self.conditioned:
            label = np.repeat(self._labels(label, n), draws)
        code = self.encode(np.repeat(x, draws, axis=0), seed, label)
        return {name: part.reshape(n, draws, *part.shape[1:]) for name, part in code.items()}

    def decode(self, code: Code) -> np.ndarray:
        """As `Model.decode`; the code must have all parts of `code_shapes`, and no others."""
        self._require("decode")
        return super().decode(self._code(code))

    def prior(self, n: int, seed: int, component: int | None = None) -> Code:
        """As `Model.prior`."""
        self._require("prior")
        if component is not None:
            component = _count(component, "component", 0)
        return super().prior(_count(n, "n", 0), _count(seed, "seed", 0), component)

    def interpolate(
        self,
        x_a: np.ndarray,
        x_b: np.ndarray,
        steps: int,
        label_a: np.ndarray | None = None,
        label_b: np.ndarray | None = None,
    ) -> np.ndarray:
        """As `Model.interpolate`; there must be as many images at both ends."""
        self._require("interpolate")
        steps = _count(steps, "steps", 2)
        x_a, x_b = self._examples(x_a), self._examples(x_b)
        if len(x_a) != len(x_b):
            raise UserError(
                f"interpolate walks from each image of x_a to one of x_b: {len(x_a)} and "
                f"{len(x_b)} are there"
            )
        return super().interpolate(x_a, x_b, steps, label_a, label_b)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """As `Model.predict`; images must be finite and in `value_range`."""
        self._require("predict")
        return super().predict(self._examples(x))

    def features(self, x: np.ndarray) -> np.ndarray:
        """As `Model.features`; images must be finite and in `value_range`."""
        self._require("features")
        return super().features(self._examples(x))

    def caption_prior(self, sentence: np.ndarray, seed: int) -> Code:
        """As `Model.caption_prior`; embeddings of the width that the model was trained on."""
        self._require("caption_prior")
        sentence, width = _floats(sentence, "sentence embeddings"), self.config.game.sentence
        if sentence.ndim != 2 or sentence.shape[1] != width:
            raise UserError(f"sentence embeddings must be (N, {width}), and are {sentence.shape}")
        _check_finite(sentence, "sentence embedding")
        return super().caption_prior(sentence, _count(seed, "seed", 0))

    def embed(self, tokens: np.ndarray) -> np.ndarray:
        """As `Model.embed`."""
        self._require("embed")
        return super().embed(self._words(tokens))

    def caption_nll(self, tokens: np.ndarray, other: np.ndarray) -> np.ndarray:
        """As `Model.caption_nll`; there must be as many captions of both, as long."""
        self._require("caption_nll")
        tokens, other = self._words(tokens), self._words(other)
        if tokens.shape != other.shape:
            raise UserError(
                f"captions must be as many and as long: {tokens.shape} and {other.shape} are there"
            )
        return super().caption_nll(tokens, other)

    def log_joint(self, z: np.ndarray) -> np.ndarray:
        """As `Model.log_joint`."""
        self._require("log_joint")
        return super().log_joint(self._part("z", z))

    def component_of(self, z: np.ndarray) -> np.ndarray:
        """As `Model.component_of`."""
        self._require("component_of")
        return super().component_of(self._part("z", z))

    def axis(self, u: np.ndarray) -> Code:
        """As `Model.axis`."""
        self._require("axis")
        u = _floats(u, "places on the axis")
        if u.ndim != 1 or not ((u >= 0) & (u <= 1)).all():
            raise UserError("places on the axis must be numbers (N,) from 0 to 1")
        return super().axis(u)

    def _require(self, call: str) -> None:
        if call not in self.calls:
            raise UserError(
                f"a model of method {self.config.method!r} cannot {call}: it has "
                f"{', '.join(self.calls)}"
            )

    def _check_shape(self, x: np.ndarray) -> None:
        shape = self.example_shape
        if x.shape[1:] == shape:
            return
        hint = "; put one example into a batch with x[None]" if x.shape == shape else ""
        raise UserError(
            f"examples must be of shape (N, {', '.join(map(str, shape))}), and these are "
            f"{x.shape}{hint}"
        )

    def _examples(self, x: np.ndarray) -> np.ndarray:
        """Checks images or points; float32."""
        x = _array(x, "examples")
        if x.dtype == np.uint8 and self.value_range:
            raise UserError("images are uint8: convert them with model.from_uint8(images)")
        x = _floats(x, "examples")
        self._check_shape(x)
        _check_finite(x, "example")
        if self.value_range and x.size:
            lo, hi = self.value_range
            slack = RANGE_TOLERANCE * (hi - lo)
            lowest, highest = x.min(), x.max()
            if lowest < lo - slack or highest > hi + slack:
                raise UserError(
                    f"images have values from {lowest:.4g} to {highest:.4g}, and this model reads "
                    f"{lo:g} to {hi:g}: scale them, or convert pixels with "
                    "model.from_uint8(images)"
                )
        return x

    def _code(self, code: Code) -> Code:
        shapes = self.code_shapes
        if not isinstance(code, Mapping) or set(code) != set(shapes):
            given = ", ".join(map(str, code)) if isinstance(code, Mapping) else type(code).__name__
            raise UserError(
                f"a code is a dict with the parts {_parts(shapes)}, and this is "
                f"{given or 'an empty one'}"
            )
        parts = {name: self._part(name, code[name]) for name in shapes}
        sizes = {name: len(part) for name, part in parts.items()}
        if len(set(sizes.values())) > 1:
            listed = ", ".join(f"{size} of {name}" for name, size in sizes.items())
            raise UserError(f"the parts of a code must be of as many examples: there are {listed}")
        return parts

    def _words(self, tokens: Any) -> np.ndarray:
        """Checks captions as rows of word numbers; int32."""
        tokens = _array(tokens, "captions")
        size = self.config.data.vocabulary
        if (
            tokens.ndim != 2
            or tokens.dtype.kind not in "iu"
            or not 0 <= tokens.min(initial=0) <= tokens.max(initial=0) < size
        ):
            raise UserError(
                f"captions must be rows of word numbers, integers (N, L) of 0 to {size - 1:,}"
            )
        return tokens.astype(np.int32)

    def _part(self, name: str, part: np.ndarray) -> np.ndarray:
        """Checks one part of a code; float32."""
        shape = self.code_shapes[name]
        part = _floats(part, f"{name} of a code")
        if part.shape[1:] != shape or not part.ndim:
            raise UserError(f"a code has {_parts({name: shape})}, and this is {part.shape}")
        _check_finite(part, f"{name} of code")
        return part


def _parts(shapes: Mapping[str, tuple[int, ...]]) -> str:
    return ", ".join(
        f"{name} (N, {', '.join(map(str, shape))})" for name, shape in sorted(shapes.items())
    )


def _array(array: Any, what: str) -> np.ndarray:
    try:
        return np.asarray(array)
    except ValueError as error:  # lists of differing lengths
        raise UserError(f"{what} must be one array, all of them of one shape") from error


def _floats(array: Any, what: str) -> np.ndarray:
    """Floating-point numbers of any precision as float32."""
    array = _array(array, what)
    if not jax.dtypes.issubdtype(array.dtype, np.floating):  # bfloat16 too
        raise UserError(
            f"{what} must be floating-point numbers, and are {array.dtype}: convert them with "
            ".astype('float32')"
        )
    with np.errstate(over="ignore"):  # becomes infinite, which is checked
        return array.astype(np.float32, copy=False)


def _check_finite(array: np.ndarray, what: str) -> None:
    finite = np.isfinite(array)
    if not finite.all():
        first = int(np.argwhere(~finite)[0, 0]) if array.ndim else 0
        raise UserError(f"{what} {first} has NaN or infinite numbers: mend it or leave it out")


def _count(value: Any, name: str, least: int) -> int:
    """A whole number from `least` to 2**31 - 1."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not least <= value < 2**31:
        raise UserError(
            f"{name} is {value!r}: it must be a whole number from {least} to {2**31 - 1}"
        )
    return int(value)

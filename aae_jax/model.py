"""A trained model: from numpy to numpy, in batches of its own. It knows no method and no file.

Its functions come from a game (`aae_jax.inference`) or from exported programs (`aae_jax.exports`).
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

import jax
import numpy as np
from ml_collections import ConfigDict

from aae_jax.errors import UserError

Code = dict[str, np.ndarray]

# Examples per compiled call; a request is padded to a multiple of one of them. Two, since every
# size is compiled anew.
FEW, MANY = 16, 256


class Functions(Protocol):
    """Compiled inference functions of a method, without parameters.

    Attributes:
        names: the functions that there are; `Model.has` says which there may be.
        components, encoder_reads_labels: as in `aae_jax.game.Game`.
    """

    names: Collection[str]
    components: int
    encoder_reads_labels: bool

    def __getitem__(self, name: str) -> Callable[..., Any]:
        """`fn(params, batch_stats, key, step, *inputs)`, for inputs of FEW or MANY examples.

        The step is that of the parameters.

        Raises:
            UserError: the method has no such function.
        """


class Model:
    """A trained model of one trial. All arrays in and out are numpy; batches are made inside.

    Images are float32 (N, H, W, C), as the data's splits give them; a code is a dict of arrays with
    the example axis first: `z` (N, d), and `y` (N, K) for methods with a categorical part. Labels
    are int (N,) in [0, K).

    Args:
        config: the experiment's config.
        functions: the compiled inference functions of its method.
        params: parameters by player; shapes alone make a model that can only be asked what it has.
        batch_stats: batch statistics by player.
        step: updates that the parameters have seen.
    """

    def __init__(
        self,
        config: ConfigDict,
        functions: Functions,
        params: Mapping[str, Any],
        batch_stats: Mapping[str, Any],
        step: int,
    ) -> None:
        self.config = config
        self.step = step
        self.functions = functions
        self.params, self.batch_stats = params, batch_stats

    @property
    def components(self) -> int:
        """Number K of mixture components, clusters or classes; 0 where the method has none."""
        return self.functions.components

    @property
    def conditioned(self) -> bool:
        """Whether an image's code is complete only with its label, which the decoder reads."""
        return self.has("condition")

    @property
    def code_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each part of one example's code, as drawn from the prior; {} without one."""
        if self.has("prior"):
            code = self.outline("prior", jax.ShapeDtypeStruct((FEW,), np.int32))
        elif self.has("caption_prior"):
            sentence = jax.ShapeDtypeStruct((FEW, self.config.game.sentence), np.float32)
            code = self.outline("caption_prior", sentence)
        else:
            return {}
        return {name: part.shape[1:] for name, part in code.items()}

    def outline(self, name: str, *inputs: Any) -> Any:
        """Shapes and dtypes of what an inference function makes of inputs of FEW examples."""
        return jax.eval_shape(
            self.functions[name],
            self.params,
            self.batch_stats,
            jax.random.key(0),
            self.step,
            *inputs,
        )

    @property
    def parameter_counts(self) -> dict[str, int]:
        """Number of parameters of each player."""
        return {
            name: sum(leaf.size for leaf in jax.tree.leaves(params))
            for name, params in self.params.items()
        }

    def has(self, name: str) -> bool:
        """Whether the method offers an inference function.

        Most methods have encode, decode and prior; a generator without an encoder lacks the first,
        a classifier all three. Some have posterior (draws of the code), predict, features,
        log_joint, component_of, axis, condition (the part of a code that the label gives),
        caption_prior, embed or caption_nll.
        Calling a function that a method lacks raises a UserError.
        """
        return name in self.functions.names

    def call(self, name: str, *inputs: Any, seed: int = 0) -> Any:
        """What an inference function gives: for those of a game of your own.

        Args:
            name: of the function `fn(play, *inputs)`.
            inputs: arrays, or dicts of them, with a common first axis (n, ...).
            seed: of `play`'s draws.

        Raises:
            UserError: the method has no such function.
        """
        return self._map(name, seed, *inputs)

    def _map(self, name: str, seed: int, *inputs: Any) -> Any:
        """Applies an inference function to inputs with a common first axis, chunk by chunk.

        Of no examples too: one chunk of padding gives the outputs' shapes.
        """
        n = len(jax.tree.leaves(inputs)[0])
        size = FEW if n <= FEW else MANY
        outputs = []
        for index, start in enumerate(range(0, max(n, 1), size)):
            chunk = jax.tree.map(lambda a: a[start : start + size], inputs)  # noqa: B023
            count = len(jax.tree.leaves(chunk)[0])
            padded = jax.tree.map(
                lambda a: np.pad(a, [(0, size - count)] + [(0, 0)] * (a.ndim - 1)),  # noqa: B023
                chunk,
            )
            key = jax.random.fold_in(jax.random.key(seed), index)
            output = self.functions[name](self.params, self.batch_stats, key, self.step, *padded)
            outputs.append(jax.tree.map(lambda a: np.asarray(a)[:count], output))  # noqa: B023
        return jax.tree.map(lambda *parts: np.concatenate(parts), *outputs)

    def encode(
        self, x: np.ndarray, seed: int | None = None, label: np.ndarray | None = None
    ) -> Code:
        """Codes of images.

        Args:
            x: images (N, H, W, C).
            seed: of a draw from the posterior; None for its centre (the mean of a Gaussian one).
            label: labels (N,) of the images; needed by a `conditioned` model, unused by others.

        Raises:
            UserError: the model is conditioned, and there are no labels or not such ones.
        """
        given = self._condition(label, len(x)) if self.conditioned else {}
        inputs = (x, given) if self.functions.encoder_reads_labels else (x,)
        if seed is None or not self.has("posterior"):
            return self._map("encode", 0, *inputs) | given
        return self._map("posterior", seed, *inputs) | given

    def _condition(self, label: np.ndarray | None, n: int) -> Code:
        """The part of n codes that their labels give."""
        return self._map("condition", 0, self._labels(label, n))

    def _labels(self, label: np.ndarray | None, n: int) -> np.ndarray:
        """Checks the labels of n images; int32."""
        if label is None:
            raise UserError("the decoder of this method reads labels: pass label= with the images")
        label = np.asarray(label, None if n else np.int32)  # [] would be of floats
        if (
            label.shape != (n,)
            or label.dtype.kind not in "iu"
            or label.min(initial=0) < 0
            or label.max(initial=0) >= self.components
        ):
            raise UserError(
                f"labels must be {n} whole numbers from 0 to {self.components - 1}, one for each "
                "image"
            )
        return label.astype(np.int32)

    def decode(self, code: Code) -> np.ndarray:
        """Images (N, H, W, C) of codes."""
        return self._map("decode", 0, code)

    def prior(self, n: int, seed: int, component: int | None = None) -> Code:
        """Draws n codes from the prior, or from one of its components (0 to K - 1).

        Raises:
            UserError: there is no such component.
        """
        if component is not None and not self.components:
            raise UserError("the prior of this model has no components: leave component= out")
        if component is not None and not 0 <= component < self.components:
            raise UserError(f"component {component} is not one of 0 to {self.components - 1}")
        # -1 is `priors.ANY`: an exported model is read without the priors and their losses.
        chosen = -1 if component is None else component
        return self._map("prior", seed, np.full(n, chosen, np.int32))

    def sample(self, n: int, seed: int, component: int | None = None) -> np.ndarray:
        """Generates n images, or n images of one component; errors as in `prior`."""
        return self.decode(self.prior(n, seed, component))

    def reconstruct(
        self, x: np.ndarray, seed: int | None = None, label: np.ndarray | None = None
    ) -> np.ndarray:
        """Decodes the codes of images (N, H, W, C); arguments and errors as in `encode`."""
        return self.decode(self.encode(x, seed, label))

    def interpolate(
        self,
        x_a: np.ndarray,
        x_b: np.ndarray,
        steps: int,
        label_a: np.ndarray | None = None,
        label_b: np.ndarray | None = None,
    ) -> np.ndarray:
        """Walks from the codes of x_a to those of x_b on a straight line.

        Args:
            x_a: images (N, H, W, C).
            x_b: images (N, H, W, C).
            steps: points of the walk, both ends included.
            label_a: labels (N,) of x_a, and label_b those of x_b, as in `encode`.

        Returns:
            Images (N, steps, H, W, C).

        Raises:
            UserError: as in `encode`.
        """
        a, b = self.encode(x_a, label=label_a), self.encode(x_b, label=label_b)
        walk = [
            self.decode(jax.tree.map(lambda p, q: ((1 - t) * p + t * q).astype(p.dtype), a, b))  # noqa: B023
            for t in np.linspace(0.0, 1.0, steps)
        ]
        return np.stack(walk, axis=1)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Cluster or class probabilities (N, K), of sum 1, of images (N, H, W, C)."""
        return self._map("predict", 0, x)

    def features(self, x: np.ndarray) -> np.ndarray:
        """What a classifier decides by: (N, F) of images (N, H, W, C)."""
        return self._map("features", 0, x)

    def caption_prior(self, sentence: np.ndarray, seed: int) -> Code:
        """Draws a code for each sentence embedding (N, d).

        The noise of row i depends on the seed and i alone, so that another sentence in the same
        place differs by what it says.
        """
        return self._map("caption_prior", seed, sentence)

    def sample_captions(self, sentence: np.ndarray, seed: int) -> np.ndarray:
        """Generates an image for each sentence embedding (N, d); noise as in `caption_prior`."""
        return self.decode(self.caption_prior(sentence, seed))

    def embed(self, tokens: np.ndarray) -> np.ndarray:
        """Sentence embeddings (N, d) of captions, rows of word numbers int32 (N, L)."""
        return self._map("embed", 0, tokens)

    def caption_nll(self, tokens: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Nats a word (N,) of captions `other` (N, L), given captions `tokens` (N, L)."""
        return self._map("caption_nll", 0, tokens, other)

    def log_joint(self, z: np.ndarray) -> np.ndarray:
        """log p(z|y=k) + log p(y=k) for codes z (N, d), as (N, K), in nats.

        Source: "Adversarially Learned Mixture Model", Eq. 19.
        """
        return self._map("log_joint", 0, z)

    def component_of(self, z: np.ndarray) -> np.ndarray:
        """The part of the prior that codes z (N, d) most likely come from: int32 (N,)."""
        return self._map("component_of", 0, z)

    def axis(self, u: np.ndarray) -> Code:
        """Codes on the prior's axis, at places u (N,) in [0, 1]."""
        return self._map("axis", 0, u)

"""What a trained model can do: encode, decode, sample, reconstruct, interpolate, predict."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
from ml_collections import ConfigDict

from aae_jax.checkpoint import Checkpoints
from aae_jax.errors import UserError
from aae_jax.game import Game, Params, Play
from aae_jax.methods import build_game
from aae_jax.state import make_init
from aae_jax.workdir import check_same

Code = dict[str, np.ndarray]

# Examples per compiled call; a request is padded to a multiple of one of them. Two, since every
# size is compiled anew.
_FEW, _MANY = 16, 256


class Functions:
    """A game's inference functions, compiled once and shared by all its models.

    Args:
        game: the method.
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        self._compiled: dict[str, Callable[..., Any]] = {}

    def __getitem__(self, name: str) -> Callable[..., Any]:
        if name not in self._compiled:
            self._compiled[name] = self._compile(name)
        return self._compiled[name]

    def _compile(self, name: str) -> Callable[..., Any]:
        if name not in self.game.inference:
            raise UserError(
                f"the method has no function {name}, only {', '.join(sorted(self.game.inference))}"
            )
        function = self.game.inference[name]

        def apply(params: Params, batch_stats: Params, key: jax.Array, *inputs: Any) -> Any:
            play = Play(self.game.players, params, batch_stats, key, train=False)
            return function(play, *inputs)

        return jax.jit(apply)


class Model:
    """A trained model of one trial. All arrays in and out are numpy; batches are made inside.

    Images are float32 (N, H, W, C), as the data's splits give them; a code is a dict of arrays with
    the example axis first: `z` (N, d), and `y` (N, K) for methods with a categorical part. Labels
    are int (N,) in [0, K).

    Args:
        config: the experiment's config.
        functions: the compiled inference functions of its game.
        params: parameters by player; shapes alone make a model that can only be asked what it has.
        batch_stats: batch statistics by player.
        step: updates that the parameters have seen.
    """

    def __init__(
        self,
        config: ConfigDict,
        functions: Functions,
        params: Params,
        batch_stats: Params,
        step: int,
    ) -> None:
        self.config = config
        self.step = step
        self._functions = functions
        self._params, self._batch_stats = params, batch_stats

    @property
    def components(self) -> int:
        """Number K of mixture components, clusters or classes; 0 where the method has none."""
        return self._functions.game.components

    @property
    def conditioned(self) -> bool:
        """Whether an image's code is complete only with its label, which the decoder reads."""
        return self.has("condition")

    @property
    def code_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each part of one example's code, as drawn from the prior; {} without one."""
        if not self.has("prior"):
            return {}
        code = jax.eval_shape(
            self._functions["prior"],
            self._params,
            self._batch_stats,
            jax.random.key(0),
            jax.ShapeDtypeStruct((1,), np.int32),
        )
        return {name: part.shape[1:] for name, part in code.items()}

    @property
    def parameter_counts(self) -> dict[str, int]:
        """Number of parameters of each player."""
        return {
            name: sum(leaf.size for leaf in jax.tree.leaves(params))
            for name, params in self._params.items()
        }

    def has(self, name: str) -> bool:
        """Whether the method offers an inference function.

        Most methods have encode, decode and prior; a generator without an encoder lacks the first,
        a classifier all three. Some have posterior (draws of the code), predict, features,
        log_joint, component_of, axis, or condition (the part of a code that the label gives).
        Calling a function that a method lacks raises a UserError.
        """
        return name in self._functions.game.inference

    def _map(self, name: str, seed: int, *inputs: Any) -> Any:
        """Applies an inference function to inputs with a common first axis, chunk by chunk."""
        n = len(jax.tree.leaves(inputs)[0])
        size = _FEW if n <= _FEW else _MANY
        outputs = []
        for index, start in enumerate(range(0, n, size)):
            chunk = jax.tree.map(lambda a: a[start : start + size], inputs)  # noqa: B023
            count = len(jax.tree.leaves(chunk)[0])
            padded = jax.tree.map(
                lambda a: np.pad(a, [(0, size - count)] + [(0, 0)] * (a.ndim - 1)),  # noqa: B023
                chunk,
            )
            key = jax.random.fold_in(jax.random.key(seed), index)
            output = self._functions[name](self._params, self._batch_stats, key, *padded)
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
        inputs = (x, given) if self._functions.game.encoder_reads_labels else (x,)
        if seed is None or not self.has("posterior"):
            return self._map("encode", 0, *inputs) | given
        return self._map("posterior", seed, *inputs) | given

    def _condition(self, label: np.ndarray | None, n: int) -> Code:
        """The part of n codes that their labels give."""
        if label is None:
            raise UserError("the decoder of this method reads labels: pass label= with the images")
        label = np.asarray(label)
        if (
            label.shape != (n,)
            or label.min(initial=0) < 0
            or label.max(initial=0) >= self.components
        ):
            raise UserError(
                f"labels must be {n} numbers from 0 to {self.components - 1}, one for each image"
            )
        return self._map("condition", 0, label.astype(np.int32))

    def decode(self, code: Code) -> np.ndarray:
        """Images (N, H, W, C) of codes."""
        return self._map("decode", 0, code)

    def prior(self, n: int, seed: int, component: int | None = None) -> Code:
        """Draws n codes from the prior, or from one of its components (0 to K - 1)."""
        index = -1 if component is None else component
        if not -1 <= index < max(self.components, 1):
            raise ValueError(f"component {component} is not one of 0 to {self.components - 1}")
        return self._map("prior", seed, np.full(n, index, np.int32))

    def sample(self, n: int, seed: int, component: int | None = None) -> np.ndarray:
        """Generates n images, or n images of one component."""
        return self.decode(self.prior(n, seed, component))

    def reconstruct(
        self, x: np.ndarray, seed: int | None = None, label: np.ndarray | None = None
    ) -> np.ndarray:
        """Decodes the codes of images (N, H, W, C); arguments and errors as in `encode`."""
        return self.decode(self.encode(x, seed, label))

    def interpolate(self, x_a: np.ndarray, x_b: np.ndarray, steps: int) -> np.ndarray:
        """Walks from the codes of x_a to those of x_b on a straight line.

        Args:
            x_a: images (N, H, W, C).
            x_b: images (N, H, W, C).
            steps: points of the walk, both ends included.

        Returns:
            Images (N, steps, H, W, C).
        """
        a, b = self.encode(x_a), self.encode(x_b)
        walk = [
            self.decode(jax.tree.map(lambda p, q: ((1 - t) * p + t * q).astype(p.dtype), a, b))  # noqa: B023
            for t in np.linspace(0.0, 1.0, steps)
        ]
        return np.stack(walk, axis=1)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Cluster or class probabilities (N, K) of images (N, H, W, C)."""
        return self._map("predict", 0, x)

    def features(self, x: np.ndarray) -> np.ndarray:
        """What a classifier decides by: (N, F) of images (N, H, W, C)."""
        return self._map("features", 0, x)

    def log_joint(self, z: np.ndarray) -> np.ndarray:
        """log p(z|y=k) + log p(y=k) for codes z (N, d), as (N, K) (Eq. 19 of the mixture model)."""
        return self._map("log_joint", 0, z)

    def component_of(self, z: np.ndarray) -> np.ndarray:
        """The part of the prior that codes z (N, d) most likely come from: int32 (N,)."""
        return self._map("component_of", 0, z)

    def axis(self, u: np.ndarray) -> Code:
        """Codes on the prior's axis, at places u (N,) in [0, 1]."""
        return self._map("axis", 0, u)


def load_trials(config: ConfigDict, workdir: str | Path) -> list[Model]:
    """Loads the model of each trial from a workdir's checkpoint.

    Args:
        config: the experiment's config; `config.evaluation.checkpoint` says which checkpoint.
        workdir: folder of the run.

    Raises:
        UserError: there is no checkpoint, or it is damaged or of another config.
    """
    check_same(config, Path(workdir))
    checkpoints = Checkpoints(Path(workdir), read_only=True)
    try:
        which = config.evaluation.checkpoint
        info = checkpoints.info(which)
        game = build_game(config, info)
        init = make_init(game, config.seed, config.trials, ema=config.ema_decay > 0)
        state = checkpoints.restore(jax.eval_shape(init), which)
    finally:
        checkpoints.close()
    return models_from_state(config, Functions(game), state)


def models_from_state(config: ConfigDict, functions: Functions, state: Any) -> list[Model]:
    """The model of each trial in a train state on the host or on devices."""
    step = int(np.max(np.asarray(state.step)))
    params, batch_stats = jax.device_get((state.eval_params, state.batch_stats))
    if config.trials == 1:
        per_trial = [(params, batch_stats)]
    else:
        per_trial = [
            jax.tree.map(lambda a: a[trial], (params, batch_stats))  # noqa: B023
            for trial in range(config.trials)
        ]
    return [Model(config, functions, *jax.device_put(one), step) for one in per_trial]

"""A data source, an optimiser, a metric and a figure in a file of one's own.

    python -m aae_jax.main --config=tests/examples/own_parts.py

Nothing is registered: a config names each by `module:name`.
"""

from typing import Any

import numpy as np
import optax
from ml_collections import ConfigDict

from aae_jax.data.sources import Source, in_memory
from aae_jax.experiments import aae
from aae_jax.figures import Figure, Plot
from aae_jax.figures.figure import new
from aae_jax.metrics import Metric, Value
from aae_jax.metrics.needs import Model, Needs
from aae_jax.optimizers import function

HERE = "tests.examples.own_parts"


def open_stripes(config: ConfigDict) -> Source:
    """Images uint8 (n, 8, 8, 1) of one stripe, labelled by whether it lies or stands."""
    del config  # config.data
    rng = np.random.default_rng(0)

    def stripes(n: int) -> tuple[np.ndarray, np.ndarray]:
        x, label = np.zeros((n, 8, 8, 1), np.uint8), rng.integers(2, size=n)
        for image, place, stands in zip(x, rng.integers(8, size=n), label, strict=True):
            image[:, place] = 255 * stands
            image[place] += np.uint8(255 * (1 - stands))
        return x, label

    return in_memory("drawn stripes", {"train": stripes(200), "test": stripes(50)}, num_classes=2)


def adamw(steps_per_epoch: int, peak: float, epochs: int) -> optax.GradientTransformation:
    """AdamW with clipped gradients and a rate that falls as a cosine, counted in epochs."""
    rate = optax.cosine_decay_schedule(peak, epochs * steps_per_epoch)
    return optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate))


def _length(model: Model, dataset: Any, seed: int) -> dict[str, float]:
    del seed
    z = model.encode(dataset.test.x())["z"]
    return {"code_length": float(np.linalg.norm(z, axis=1).mean())}


def _lengths(model: Model, dataset: Any, seed: int) -> Figure:
    del seed
    figure = new(5, 3)
    ax = figure.add_subplot(xlabel="length of z", ylabel="test images")
    ax.hist(np.linalg.norm(model.encode(dataset.test.x())["z"], axis=1))
    return Figure(figure, "Lengths of the codes of test images.")


LENGTH = Metric(_length, Needs(("encode",)), {"code_length": Value("Mean length of a code", "")})
LENGTHS = Plot(_lengths, Needs(("encode",)))


def get_config() -> ConfigDict:
    """An adversarial autoencoder of the stripes."""
    config = aae.adversarial()
    config.data.name = f"{HERE}:open_stripes"
    config.network.hidden = (32, 32)
    config.steps = 40
    config.batch_size = 50
    config.log.every = config.checkpoint.every = 20
    config.optimizer.reconstruction = function(f"{HERE}:adamw", peak=1e-3, epochs=2)
    config.evaluation.metrics = ("reconstruction", f"{HERE}:LENGTH")
    config.evaluation.figures = ("samples", f"{HERE}:LENGTHS")
    return config

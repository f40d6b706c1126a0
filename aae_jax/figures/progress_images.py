"""Pictures to watch a run by: small, quick, and of nothing but pixels."""

from typing import Any

import numpy as np

from aae_jax.figures.images import montage, to_rgb
from aae_jax.metrics.needs import Model

COLUMNS = 8


def progress_images(model: Model, dataset: Any, seed: int, count: int) -> dict[str, np.ndarray]:
    """Samples, of test captions too, and test images above their reconstructions.

    As far as the model has them.

    Args:
        model: the model as trained so far.
        dataset: the data; of points nothing is shown.
        seed: of the samples and of the choice of test images; the same at every step, so that a
            viewer sees the same places change.
        count: images in each picture, rounded down to whole rows.

    Returns:
        Name -> picture (height, width, 3), floating in [0, 1].
    """
    pictures: dict[str, np.ndarray] = {}
    if len(dataset.example_shape) != 3:
        return pictures
    if model.has("prior") and model.has("decode"):
        pictures["samples"] = _picture(model.sample(count, seed)[None], dataset)
    if model.has("caption_prior") and model.has("decode"):
        captions, index = dataset.test.captions, dataset.test.some(count, seed)
        x = model.sample_captions(captions.values[captions.starts[index]], seed)
        pictures["samples_of_captions"] = _picture(x[None], dataset)
    if model.has("encode") and model.has("decode"):
        index = dataset.test.some(count, seed)
        x = dataset.test.x(index)
        again = model.reconstruct(x, label=dataset.test.label_at(index))
        pictures["reconstructions"] = _picture(np.stack([x, again]), dataset)
    return pictures


def _picture(kinds: np.ndarray, dataset: Any) -> np.ndarray:
    """Rows of images (kinds, N, H, W, C): a row of each kind, then the next of each."""
    columns = min(COLUMNS, kinds.shape[1])
    rows = kinds.shape[1] // columns
    x = to_rgb(kinds[:, : rows * columns], dataset.test)
    x = x.reshape(len(kinds), rows, columns, *x.shape[2:]).swapaxes(0, 1)
    x = x.reshape(rows * len(kinds), columns, *x.shape[3:])
    return montage(x, wide_rows=range(len(kinds), len(x), len(kinds)) if len(kinds) > 1 else ())[0]

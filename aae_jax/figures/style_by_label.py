"""What the decoder makes of one style under every label."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot, short
from aae_jax.figures.images import grid, to_rgb
from aae_jax.metrics.needs import Model, Needs

ROWS = 10


def style_by_label(model: Model, dataset: Any, seed: int) -> Figure:
    """Rows of the style z of a test image, decoded with each label y.

    Fig. 5 of "Adversarial Autoencoders".
    """
    index = np.random.default_rng(seed).permutation(dataset.test.some(ROWS, seed))
    x, classes = dataset.test.x(index), dataset.num_classes
    code = model.encode(x, label=dataset.test.label[index])
    columns = [x]
    for y in np.eye(classes, dtype=np.float32):
        columns.append(model.decode(code | {"y": np.tile(y, (len(x), 1))}))
    return Figure(
        grid(
            to_rgb(np.stack(columns, axis=1), dataset.test),
            column_labels=["image", *map(short, dataset.label_names)],
            wide_columns=(1,),
        ),
        "Style by label: on the left random test images, and beside each what its style, the code "
        "z, gives with each label. Style should stay the same along a row, the label's kind of "
        "image along a column.",
    )


PLOT = Plot(
    style_by_label,
    Needs(("encode", "decode"), labels=True, class_components=True, with_y=True, data="images"),
)

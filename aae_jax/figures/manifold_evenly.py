"""The images that the middle of a two-dimensional code space holds."""

from typing import Any

import numpy as np

from aae_jax.figures.figure import Figure, Plot
from aae_jax.figures.manifold import SIDE, decoded
from aae_jax.metrics.needs import Model, Needs

REACH = 2.0


def manifold_evenly(model: Model, dataset: Any, seed: int) -> Figure:
    """Images decoded from codes evenly spaced from -2 to 2 in both dimensions.

    Fig. 4c of "AIM: Adversarial Inference by Matching Priors and Conditionals", for a standard
    Gaussian prior. Nothing is drawn, so the seed is of no account.
    """
    z = np.linspace(-REACH, REACH, SIDE, dtype=np.float32)
    codes = np.stack(np.meshgrid(z, z[::-1]), axis=2)
    return decoded(model, dataset, codes, f"evenly spaced from {-REACH:g} to {REACH:g}")


PLOT = Plot(manifold_evenly, Needs(("prior", "decode"), data="images", code_width=2, only_z=True))

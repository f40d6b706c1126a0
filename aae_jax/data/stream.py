"""Random numbers of the data: streams that are the same on every machine, for ever."""

import numpy as np


def generator(*entropy: int) -> np.random.Generator:
    """Draws that depend on these whole numbers alone, as a seed and a purpose."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(entropy)))

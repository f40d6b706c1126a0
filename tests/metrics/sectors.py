"""A model of the four points whose posteriors are known: each point owns a quarter of the plane."""

import numpy as np


def turned(z, angle):
    """Codes z [N, 2], turned by the angle."""
    c, s = np.cos(angle), np.sin(angle)
    return z @ np.array([[c, s], [-s, c]])


class Sectors:
    """The quadrants of a standard normal prior decode to the points, and posteriors are exact.

    Args:
        gap: codes as near as this to an axis decode to the middle of all points instead.
        generator, posterior: angles by which the generator's quadrants and those of q(z|x) are
            turned.
        made: the points that the generator makes; codes of other quadrants decode to the first.
    """

    components, conditioned = 0, False
    code_shapes = {"z": (2,), "n": (1,)}  # noqa: RUF012

    def __init__(self, gap=0.0, generator=0.0, posterior=0.0, made=(0, 1, 2, 3)):
        self.gap, self.generator, self.posterior, self.made = gap, generator, posterior, made

    def has(self, name):
        return name in ("encode", "posterior", "prior", "decode")

    def prior(self, n, seed):
        rng = np.random.default_rng(seed)
        return {"z": rng.normal(size=(n, 2)), "n": rng.normal(size=(n, 1))}

    def decode(self, code):
        z = turned(code["z"], -self.generator)
        point = 2 * (z[:, 0] > 0) + (z[:, 1] > 0)
        point = np.where(np.isin(point, self.made), point, self.made[0])
        between = np.abs(z).min(axis=1, keepdims=True) < self.gap
        return np.where(between, 0.25, np.eye(4)[point])

    def encode(self, x, seed, label):
        assert (x.argmax(axis=1) == label).all()
        z = np.abs(np.random.default_rng(seed).normal(size=(len(x), 2))) + self.gap
        sign = np.stack([label // 2, label % 2], axis=1) * 2 - 1
        return {"z": turned(sign * z, self.posterior), "n": np.zeros((len(x), 1))}

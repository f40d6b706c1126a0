"""Poisoned data: 18 archives that no network should see, each refused in one line by `plan`.

`plan` is what training does before it compiles or writes anything.
"""

import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.plan import plan
from tests.data.helpers import pictures

LABEL = np.arange(20) % 4


def points(value):
    x = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    x[3, 1] = value
    return x


def images(value):
    x = np.full((20, 4, 4), 0.5, np.float32)
    x[3, 1, 2] = value
    return x


POISONS = {
    "NaN in a point": {"x_train": points(np.nan)},
    "infinity in a point": {"x_train": points(np.inf)},
    "NaN in an image": {"x_train": images(np.nan)},
    "infinity in an image": {"x_train": images(-np.inf)},
    "pixels below 0": {"x_train": images(-0.5)},
    "pixels above 255": {"x_train": images(256)},
    "fractions above 1": {"x_train": images(1.5)},
    "16-bit pixels": {"x_train": pictures(20, 4, 4).astype(np.uint16) * 257},
    "nothing at all": {},
    "no examples": {"x_train": pictures(0, 4, 4)},
    "no pixels": {"x_train": np.zeros((20, 0, 4, 1), np.uint8)},
    "fewer than a batch": {"x_train": pictures(3, 4, 4)},
    "no numbers": {"x_train": pictures(20, 4, 4).astype(str)},
    "complex numbers": {"x_train": pictures(20, 4, 4).astype(complex)},
    "test images of another shape": {"x_train": pictures(20, 4, 4), "x_test": pictures(9, 5, 5)},
    "too few labels": {"x_train": pictures(20, 4, 4), "y_train": LABEL[:5]},
    "labels below 0": {"x_train": pictures(20, 4, 4), "y_train": LABEL - 1},
    "labels that are no integers": {"x_train": pictures(20, 4, 4), "y_train": LABEL + 0.5},
}


@pytest.mark.parametrize("poison", POISONS)
def test_refused_before_anything_is_compiled(tmp_path, toy, poison):
    np.savez(tmp_path / "set.npz", **POISONS[poison])
    config = toy.config()
    config.data.update({"name": "npz", "dir": str(tmp_path), "size": 0, "image_size": 0})
    config.data.channels = 0
    with pytest.raises(UserError) as caught:
        plan(config, tmp_path / "run")
    line = str(caught.value)
    print(f"{poison}: {line}")
    assert "\n" not in line
    assert not (tmp_path / "run").exists()


def test_good_data_passes(tmp_path, toy):
    """The same config takes images as they should be."""
    np.savez(tmp_path / "set.npz", x_train=pictures(20, 4, 4), x_test=pictures(9, 4, 4))
    config = toy.config()
    config.data.update({"name": "npz", "dir": str(tmp_path), "size": 0, "image_size": 0})
    config.data.channels = 0
    assert len(plan(config, tmp_path / "run").dataset.train) == 20

"""Real MNIST, CIFAR-10 and SVHN, where AAE_JAX_DATA_DIR names a TFDS data_dir that has them."""

import os

import numpy as np
import pytest

from aae_jax.data import load
from tests.data.helpers import settings

DIR = os.environ.get("AAE_JAX_DATA_DIR", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DIR, reason="AAE_JAX_DATA_DIR names no folder with real data"),
]

EVERYTHING = {
    "mnist": ({"train": 60_000, "test": 10_000}, (28, 28, 1)),
    "cifar10": ({"train": 50_000, "test": 10_000}, (32, 32, 3)),
}


@pytest.mark.parametrize("name", EVERYTHING)
def test_published_sizes(name):
    sizes, shape = EVERYTHING[name]
    data = load(settings(name, dir=DIR))
    assert {"train": len(data.train), "test": len(data.test)} == sizes
    assert data.example_shape == shape
    assert data.num_classes == 10
    assert np.bincount(data.test.label).tolist() == TEST_CLASSES[name]


# MNIST's test digits are not balanced; CIFAR-10's classes are.
TEST_CLASSES = {
    "mnist": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    "cifar10": [1000] * 10,
}


def test_part_of_svhn_says_so():
    fields = {"train_split": "test[:8000]", "test_split": "test[8000:10000]"}
    data = load(settings("svhn_cropped", dir=DIR, **fields))
    assert (len(data.train), len(data.test)) == (8000, 2000)
    assert data.example_shape == (32, 32, 3)
    assert data.train.label.min() == 0
    assert data.train.label.max() == 9

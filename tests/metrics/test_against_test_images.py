"""Samples are compared with images that the model was not trained on."""

import importlib

import numpy as np
import pytest


@pytest.mark.parametrize("name", ["fid", "kid", "precision_recall"])
def test_samples_are_compared_with_test_images(name, monkeypatch):
    module = importlib.import_module(f"aae_jax.metrics.{name}")
    rng = np.random.default_rng(0)
    images = {
        "test": rng.normal(size=(60, 4)).astype(np.float32),
        "train": rng.normal(5, 1, (60, 4)).astype(np.float32),
    }
    samples = images["test"][::-1] + np.float32(1e-3)
    monkeypatch.setattr(module, "features_of_images", lambda dataset, split, seed: images[split])
    monkeypatch.setattr(module, "features_of_samples", lambda *_: samples)
    found = getattr(module, name)(None, None, 0)
    if name == "precision_recall":
        assert found["sample_precision"] == found["sample_coverage"] == 1
        assert found["sample_precision_train"] == 0
    else:
        assert found[name] < 0.1 * found[f"{name}_floor"]

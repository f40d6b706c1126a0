"""Inception as the judge: what it reads, what it gives, what is said where weights are missing."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save_file

from aae_jax.data import load
from aae_jax.errors import UserError
from aae_jax.scorer import attach, check
from aae_jax.scorer import inception as judge
from tests.configs import test_config
from tests.fakes import points
from tests.inception import torch_weights


@pytest.fixture(scope="module")
def weights():
    return torch_weights()


@pytest.fixture(scope="module")
def file(weights, tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "inception.safetensors"
    save_file(weights, path)
    return path


@pytest.fixture
def config(file):
    config = test_config("aae_mnist")
    config.evaluation.inception = str(file)
    return config


def test_gives_features_and_classes_of_images_in_any_range(config, weights, monkeypatch):
    monkeypatch.setattr(judge, "_BATCH", 2)  # so that three images are filled up
    images = load(config.data)
    dataset = attach(config, images)
    extractor = dataset.extractor
    assert dataset.scorer is None
    assert extractor.input_shape == (299, 299, 3)
    assert config.evaluation.inception in extractor.origin
    x = dataset.test.x(np.arange(3))
    features = extractor.features(x)
    assert features.shape == (3, extractor.width)
    assert features.std(axis=0).mean() > 1e-3  # different images differ
    np.testing.assert_allclose(extractor.features(x[2:]), features[2:], rtol=1e-4, atol=1e-6)

    extractor._split = replace(images.test, value_range=(-1.0, 1.0))
    np.testing.assert_allclose(extractor.features(2 * x - 1), features, rtol=1e-3, atol=1e-5)

    p = extractor.predict(2 * x - 1)
    logits = features.astype(np.float64) @ weights["fc.weight"].T.astype(np.float64)
    expected = np.exp(logits - logits.max(axis=1, keepdims=True))
    assert p.shape == (3, 1008)
    np.testing.assert_allclose(p, expected / expected.sum(axis=1, keepdims=True), rtol=1e-2)
    with pytest.raises(UserError, match="they reach from .* where 0 is its lower"):
        extractor.features(x - 2)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.safetensors", None, "there is no file"),
        ("pt_inception-2015-12-05-6726825d.pth", b"x", "is neither .safetensors nor .npz"),
        ("inception.safetensors", b"x", "inception.safetensors is damaged"),
        ("inception.npz", b"x", "inception.npz is damaged"),
    ],
)
def test_missing_weights_are_one_line_that_says_where_they_come_from(
    config, tmp_path, name, content, message
):
    if content:
        (tmp_path / name).write_bytes(content)
    config.evaluation.inception = str(tmp_path / name)
    with pytest.raises(UserError, match=message) as error:
        check(config)
    line = str(error.value)
    assert line.startswith(f"evaluation.inception='{tmp_path / name}' does not give the Inception")
    assert "pt_inception-2015-12-05-6726825d.pth, which the project pytorch-fid publishes" in line
    assert "python launch/convert_inception.py" in line
    assert "\n" not in line


def test_weights_in_npz_serve_and_pickles_in_it_are_not_opened(weights, tmp_path):
    np.savez(tmp_path / "good.npz", **weights)
    judge.load(str(tmp_path / "good.npz"))
    np.savez(tmp_path / "bad.npz", **weights | {"fc.bias": np.array([{}], object)})
    with pytest.raises(UserError, match="bad.npz is damaged: Object arrays cannot be loaded"):
        judge.load(str(tmp_path / "bad.npz"))


def test_points_are_refused(config):
    with pytest.raises(UserError, match=r"judges grey and colour images.*shape \(2,\)"):
        attach(config, points())

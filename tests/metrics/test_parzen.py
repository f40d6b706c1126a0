import importlib
import math
import os
from dataclasses import replace

import numpy as np
import pytest

from aae_jax.data import Split, load
from aae_jax.metrics import METRICS
from tests.data.helpers import settings
from tests.fakes import digits, split, tiny
from tests.metrics.test_kernel_density import direct

module = importlib.import_module("aae_jax.metrics.parzen")


class Sampler:
    """Samples of a mixture of the given images and a little noise; remembers what it made."""

    def __init__(self, images, noise):
        self._images, self._noise = images, noise
        self.made = {}

    def sample(self, n, seed):
        rng = np.random.default_rng(seed)
        x = self._images[rng.integers(len(self._images), size=n)]
        x = (x + self._noise * rng.normal(size=x.shape)).astype(np.float32)
        assert np.array_equal(x, self.made.setdefault(seed, x), equal_nan=True)
        return x


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(module, "SAMPLES", {"parzen": 400, "parzen_10m": 800})
    monkeypatch.setattr(module, "BLOCK", 100)


@pytest.mark.parametrize(("name", "samples"), [("parzen", 400), ("parzen_10m", 800)])
def test_follows_the_protocol(few, monkeypatch, name, samples):
    monkeypatch.setattr(module, "VALIDATION", 70)
    data = digits(test=60, held_out=100)
    model = Sampler(data.train.x(), noise=0.2)
    result = METRICS[name].fn(model, data, 3)
    made = np.concatenate(list(model.made.values())).reshape(samples, -1)
    assert len(np.unique(made, axis=0)) == samples
    sigmas = 10.0 ** np.linspace(-1, 0, 10)
    validation = data.validation.x()[:70].reshape(70, -1)
    best = direct(validation, made, sigmas).mean(axis=1).argmax()
    assert 0 < best < 9
    scores = direct(data.test.x().reshape(60, -1), made, sigmas[best : best + 1])[0]
    assert result == {
        f"{name}_log_likelihood": pytest.approx(scores.mean(), abs=1e-3),
        f"{name}_standard_error": pytest.approx(scores.std() / math.sqrt(60), rel=1e-4),
        f"{name}_sigma": pytest.approx(sigmas[best]),
        f"{name}_sigma_at_edge": 0.0,
    }


def test_only_the_first_validation_images_choose_sigma(few, monkeypatch):
    monkeypatch.setattr(module, "VALIDATION", 10)
    data = digits(test=20, held_out=20)
    pixels = data.validation.data.copy()
    pixels[10:] = np.random.default_rng(0).integers(256, size=pixels[10:].shape)
    data = replace(data, validation=replace(data.validation, data=pixels))
    # Copies of the first ten want the narrowest kernel, and know nothing of the noise after them.
    result = module.parzen(Sampler(data.validation.x(slice(10)), 0.0), data, 0)
    assert result["parzen_sigma"] == pytest.approx(0.1)
    monkeypatch.setattr(module, "VALIDATION", 20)
    result = module.parzen(Sampler(data.validation.x(slice(10)), 0.0), data, 0)
    assert result["parzen_sigma"] > 0.2


def test_seeds_share_no_samples(few):
    data = digits(test=20, held_out=20)
    models = [Sampler(data.train.x(), 0.2) for _ in range(2)]
    for seed, model in enumerate(models):
        module.parzen(model, data, seed)
    assert not models[0].made.keys() & models[1].made.keys()


@pytest.mark.parametrize(("noise", "sigma"), [(0.0, 0.1), (5.0, 1.0)])
def test_a_sigma_at_the_edge_is_said(few, caplog, noise, sigma):
    """Exact copies of the validation images want the narrowest kernel, noise the widest."""
    data = digits(test=20, held_out=20)
    model = Sampler(data.validation.x(), noise)
    with caplog.at_level("WARNING", logger="absl"):
        result = module.parzen(model, data, 0)
    assert result["parzen_sigma"] == pytest.approx(sigma)
    assert result["parzen_sigma_at_edge"] == 1
    [line] = [r.getMessage() for r in caplog.records if "sigma" in r.getMessage()]
    assert f"the best sigma, {sigma:.3g}, is at the edge of those tried (0.1 to 1)" in line
    caplog.clear()
    with caplog.at_level("WARNING", logger="absl"):
        module.parzen(Sampler(data.train.x(), 0.2), data, 0)
    assert not caplog.records


def test_the_value_range_of_the_networks_does_not_matter(few):
    """Samples and images are scored as pixel values in [0, 1]."""
    plain = digits(test=30, held_out=30)
    rng = np.random.default_rng(0)
    shape = plain.example_shape
    wide = rng.normal(size=shape).astype(np.float32), rng.normal(size=shape).astype(np.float32) + 9

    def ranged(part):
        return Split(part.name, part.data, part.label, wide)

    other = replace(
        plain,
        train=ranged(plain.train),
        validation=ranged(plain.validation),
        test=ranged(plain.test),
    )

    class Same(Sampler):
        def sample(self, n, seed):
            return super().sample(n, seed) * (wide[1] - wide[0]) + wide[0]

    expected = module.parzen(Sampler(plain.train.x(), 0.2), plain, 0)
    assert module.parzen(Same(plain.train.x(), 0.2), other, 0) == pytest.approx(expected, abs=1e-3)


def test_a_diverged_model_has_no_likelihood(few):
    data = digits(test=20, held_out=20)
    result = module.parzen(Sampler(data.train.x() * np.nan, 0.0), data, 0)
    assert set(result) == set(METRICS["parzen"].values)
    assert all(map(math.isnan, result.values()))


def test_tells_how_far_it_is(few, monkeypatch, caplog):
    monkeypatch.setattr(module, "LOG_SECONDS", -1.0)
    image = np.full((1, 2, 2, 1), 100, np.uint8)
    data = tiny(split(image), split(image), 0, validation=split(image))
    with caplog.at_level("INFO", logger="absl"):
        module.parzen(Sampler(data.train.x(), 0.1), data, 0)
    lines = [record.getMessage() for record in caplog.records]
    assert any("choosing sigma: step 2/4 (50.0 %)" in line and "left" in line for line in lines)
    assert any("test images: step 3/4 (75.0 %)" in line for line in lines)


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("AAE_JAX_DATA_DIR"), reason="AAE_JAX_DATA_DIR names no folder with real data"
)
def test_training_images_as_samples_score_what_is_published():
    """243 nats on MNIST (Theis et al., "A note on the evaluation of generative models")."""
    fields = {"dir": os.environ["AAE_JAX_DATA_DIR"], "train_split": "train[:50000]"}
    data = load(settings("mnist", **fields, validation_split="train[50000:]"))
    order = np.random.default_rng(0).permutation(len(data.train))

    class TrainingImages:
        def sample(self, n, seed):
            return data.train.x(order[n * seed : n * (seed + 1)])

    result = module.parzen(TrainingImages(), data, 0)
    assert result["parzen_log_likelihood"] == pytest.approx(243, abs=1)
    assert result["parzen_standard_error"] == pytest.approx(2, abs=0.5)


def test_sizes_are_those_of_the_paper():
    assert module.SAMPLES == {"parzen": 10_000, "parzen_10m": 10_000_000}
    assert all(samples % module.BLOCK == 0 for samples in module.SAMPLES.values())
    np.testing.assert_allclose(module.SIGMAS[[0, 1, -1]], [0.1, 10 ** (-8 / 9), 1.0])
    assert module.VALIDATION == 1000

"""The classifier: its loss by hand, its augmentation, and what it learns."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax import data
from aae_jax.data import augment
from aae_jax.errors import UserError
from aae_jax.methods import classifier
from tests.configs import test_config
from tests.methods.tools import infer, learn, losses_on_devices, play_phase, start

SHAPE = (8, 8, 1)


def config(**game):
    config = test_config("classifier_digits")
    config.game.update({"classes": 3, **game})
    return config


@functools.cache
def started(**game):
    game = classifier.build(config(**game), SHAPE, steps_per_epoch=1)
    return game, start(game)


@pytest.fixture
def batch():
    x = jax.random.uniform(jax.random.key(1), (6, *SHAPE))
    return {"x": x, "label": jnp.array([0, 1, 2, 0, 1, 2])}


def test_the_loss_is_cross_entropy(batch):
    game, state = started()
    losses, metrics, uses = play_phase(game, state, "classification", batch)
    logits = np.asarray(uses["classifier"][0][1].logits, np.float64)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -np.log(p[np.arange(6), batch["label"]]).mean()
    np.testing.assert_allclose(losses["classifier"], expected, rtol=1e-5)
    assert metrics["accuracy"] == pytest.approx((p.argmax(1) == batch["label"]).mean())


def test_images_are_turned_and_moved_in_training_alone(batch):
    plain, state = started(rotation=0.0, shift=0.0)
    ((seen,), _) = play_phase(plain, state, "classification", batch)[2]["classifier"][0]
    np.testing.assert_array_equal(seen, batch["x"])
    game, state = started(rotation=20.0, shift=1.0)
    ((seen,), _) = play_phase(game, state, "classification", batch)[2]["classifier"][0]
    change = np.abs(seen - batch["x"]).max(axis=(1, 2, 3))
    assert change.min() > 0.05
    # The same parameters give the same answer in evaluation, whatever the augmentation.
    answers = [infer(one, state, "predict", batch["x"]) for one in (plain, game)]
    np.testing.assert_array_equal(*answers)


@pytest.mark.parametrize(("field", "zero"), [("rotation", "shift"), ("shift", "rotation")])
def test_either_change_can_be_had_alone(batch, field, zero):
    game, state = started(**{field: 2.0, zero: 0.0})
    ((seen,), _) = play_phase(game, state, "classification", batch)[2]["classifier"][0]
    assert np.abs(seen - batch["x"]).max() > 0.01


def test_draws_belong_to_examples_not_to_devices(monkeypatch):
    """The augmented batch of one device is that of four; so is the loss, up to rounding."""
    seen = []
    original = augment.random_turn_and_shift
    monkeypatch.setattr(
        augment,
        "random_turn_and_shift",
        lambda x, keys, *amounts: seen.append(keys) or original(x, keys, *amounts),
    )
    game, state = started(rotation=20.0, shift=1.0)
    batch = {
        "x": jax.random.uniform(jax.random.key(1), (8, *SHAPE)),
        "label": jnp.arange(8) % 3,
    }
    one, four = (losses_on_devices(game, state, batch, devices) for devices in (1, 4))
    assert len(seen) == 2
    np.testing.assert_allclose(
        one["classification"]["classifier"], four["classification"]["classifier"], rtol=1e-4
    )


def test_probabilities_and_features_fit_together(batch):
    game, state = started()
    p, features = (infer(game, state, name, batch["x"]) for name in ("predict", "features"))
    last = state.params["classifier"]["Dense_1"]["Dense_0"]
    logits = features @ last["kernel"] + last["bias"][None]
    np.testing.assert_allclose(p, jax.nn.softmax(logits), rtol=1e-4)


def test_digits_are_learned():
    one = test_config("classifier_digits")
    one.network.update({"maps": (8, 16), "features": 64})
    one.optimizer.drops = (17,)
    one.data.update({"name": "digits", "image_size": 8, "size": 0})
    dataset = data.load(one.data)
    game = classifier.build(one, dataset.example_shape, steps_per_epoch=14)
    state, report = learn(game, dataset, steps=300)
    p = np.asarray(infer(game, state, "predict", dataset.test.x()))
    error = (p.argmax(axis=1) != dataset.test.label).mean()
    print(f"accuracy {report['accuracy'][-20:].mean():.3f}, test error {error:.3f}")
    assert report["accuracy"][-20:].mean() > 0.9
    assert error < 0.08


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("game.classes", 1, "game.classes is 1: it must be at least 2"),
        ("game.rotation", -1.0, "game.rotation is -1.0: it must be 0 to 180 degrees"),
        ("game.shift", 8.0, "game.shift is 8.0: it must be 0 or more, and below the image"),
        ("network.maps", (3,), "network.maps is (3,): give two numbers"),
        ("network.maps", (0, 3), "network.maps is (0, 3): give widths, as (32, 64)"),
        ("network.features", 0, "network.features is 0"),
        ("network.dropout", 1.0, "network.dropout is 1.0"),
        ("data.standardise", True, "data.standardise is set"),
    ],
)
def test_values_that_cannot_work(field, value, message):
    one = config()
    part, name = field.split(".")
    one[part][name] = value
    with pytest.raises(UserError) as error:
        classifier.build(one, SHAPE, 1)
    assert message in str(error.value)


@pytest.mark.parametrize("shape", [(2,), (10, 8, 1), (8, 30, 3)])
def test_examples_that_cannot_be_halved_twice(shape):
    with pytest.raises(UserError, match="set data.image_size to a multiple of 4"):
        classifier.build(config(), shape, 1)

"""What the model that a user holds says of itself, converts and refuses."""

import dataclasses
import re

import jax.numpy as jnp
import numpy as np
import pytest

from aae_jax.errors import UserError
from tests import toy_game
from tests.untrained import of_game, untrained

X = np.random.default_rng(0).random((3, 4, 4, 1), np.float32)


@pytest.fixture(scope="module")
def model():
    """The toy game: images 4x4x1 from 0 to 1, a code z of 2 numbers, no components."""
    return of_game(toy_game.game(), toy_game.config(), (4, 4, 1))


@pytest.fixture(scope="module")
def mixture():
    """AMM: images 16x16x1, code y (3) and z (16)."""
    return untrained("amm_digits")


@pytest.fixture(scope="module")
def points():
    return untrained("gan_grid")


def test_a_model_without_a_prior_reads_its_own_codes():
    game = toy_game.game()
    game = dataclasses.replace(
        game, inference={name: game.inference[name] for name in ("encode", "decode")}
    )
    plain = of_game(game, toy_game.config(), (4, 4, 1))
    assert plain.code_shapes == {"z": (2,)}
    code = plain.encode(X)
    np.testing.assert_array_equal(plain.decode(code), plain.reconstruct(X))
    assert plain.interpolate(X, X[::-1], 3).shape == (3, 3, 4, 4, 1)


def test_says_what_it_is(model, mixture, points):
    assert repr(model) == (
        "toy trained on random, step 7, from nowhere\n"
        "  examples: float32 (N, 4, 4, 1) from 0 to 1\n"
        "  code: z (N, 2)\n"
        "  calls: encode, decode, reconstruct, interpolate, prior, sample"
    )
    assert "components or classes: 3" in repr(mixture)
    assert "code: y (N, 3), z (N, 16)" in repr(mixture)
    assert mixture.calls == (
        *("encode", "posterior", "decode", "reconstruct", "interpolate", "prior", "sample"),
        *("predict", "log_joint"),
    )
    assert points.calls == ("decode", "prior", "sample")
    assert points.example_shape == (2,)
    assert points.value_range is None
    assert "float32 (N, 2)\n" in repr(points)
    label_reader = untrained("aae_mnist_style")
    assert "images need their labels: pass label=" in repr(label_reader)


def test_takes_any_floating_point_numbers(model):
    z = model.encode(X)["z"]
    for dtype, error in ((np.float64, 0), (np.float16, 1e-2), (jnp.bfloat16, 1e-1)):
        np.testing.assert_allclose(model.encode(X.astype(dtype))["z"], z, atol=error)
    np.testing.assert_array_equal(model.encode(X.tolist())["z"], z)
    np.testing.assert_array_equal(model.decode({"z": z.tolist()}), model.decode({"z": z}))
    # Rounding does not take an image out of its range.
    model.encode(X - X.min() - 1e-4)


def test_pixels_there_and_back():
    model = of_game(toy_game.game(), toy_game.config(), (4, 4, 1))
    model.config.data.value_range = (-1.0, 3.0)
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 4, 4, 1)
    x = model.from_uint8(pixels)
    assert x.dtype == np.float32
    np.testing.assert_allclose(x.ravel(), -1 + 4 * np.arange(256) / 255, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(model.to_uint8(x), pixels)
    model.encode(x)
    np.testing.assert_array_equal(model.to_uint8(x[:, None]), pixels[:, None])  # as interpolate's
    np.testing.assert_array_equal(model.to_uint8([-1e9, -1.01, 3.01, 1e9]), [0, 0, 255, 255])


def test_draws_of_the_posterior(mixture):
    x = np.random.default_rng(1).random((5, 16, 16, 1), np.float32)
    code = mixture.posterior(x, draws=300, seed=4)
    assert code["z"].shape == (5, 300, 16)
    assert code["y"].shape == (5, 300, 3)
    assert len(np.unique(code["z"][:, :, 0])) == 1500  # no image has another's draws
    np.testing.assert_array_equal(code["z"], mixture.posterior(x, draws=300, seed=4)["z"])
    assert mixture.posterior(x[:0], draws=2, seed=0)["z"].shape == (0, 2, 16)


def bad(x, place, value):
    x = x.copy()
    x[place] = value
    return x


IMAGES = {
    "uint8": ((X * 255).astype(np.uint8), "images are uint8: convert them with model.from_uint8"),
    "int": (np.ones((3, 4, 4, 1), int), "must be floating-point numbers, and are int64"),
    "text": (["a", "b"], "must be floating-point numbers, and are <U1"),
    "nothing": (None, "must be floating-point numbers, and are object"),
    "ragged": ([[1.0], [1.0, 2.0]], "must be one array, all of them of one shape"),
    "one image": (X[0], "must be of shape (N, 4, 4, 1), and these are (4, 4, 1); put one example"),
    "flat": (X.reshape(3, 16), "must be of shape (N, 4, 4, 1), and these are (3, 16)"),
    "a number": (1.0, "must be of shape (N, 4, 4, 1), and these are ()"),
    "NaN": (bad(X, (2, 0, 0, 0), np.nan), "example 2 has NaN or infinite numbers"),
    "infinite": (bad(X, (1, 0, 0, 0), -np.inf), "example 1 has NaN or infinite numbers"),
    "too large for float32": (
        bad(X.astype(np.float64), (0, 1, 1, 0), 1e300),
        "example 0 has NaN or infinite numbers",
    ),
    "pixels as floats": (np.round(X * 255), "values from 1 to 248, and this model reads 0 to 1"),
    "from -1 to 1": (2 * X - 1, "values from -0.9"),
}


@pytest.mark.parametrize("name", IMAGES)
def test_refuses_images(model, name):
    x, message = IMAGES[name]
    ends = ((x, X), (X, x))
    calls = [
        model.encode,
        model.reconstruct,
        *(lambda _, e=e: model.interpolate(*e, 2) for e in ends),
    ]
    for call in calls:
        with pytest.raises(UserError, match=re.escape(message)) as caught:
            call(x)
        assert "\n" not in str(caught.value)


def test_refuses_what_does_not_fit_together(model, mixture, points):
    z = np.zeros((2, 16), np.float32)
    cases = [
        (lambda: mixture.decode({"z": z}), "with the parts y (N, 3), z (N, 16), and this is z"),
        (lambda: mixture.decode({}), "and this is an empty one"),
        (lambda: mixture.decode(z), "a code is a dict with the parts"),
        (lambda: mixture.decode({"z": z, "y": z}), "a code has y (N, 3), and this is (2, 16)"),
        (
            lambda: mixture.decode({"z": z, "y": np.eye(3, dtype=np.float32)}),
            "as many examples: there are 3 of y, 2 of z",
        ),
        (lambda: model.decode({"z": np.full((2, 2), np.nan)}), "z of code 0 has NaN"),
        (lambda: model.decode({"z": np.ones((2, 2), int)}), "z of a code must be floating-point"),
        (lambda: model.decode({"z": 1.0}), "a code has z (N, 2), and this is ()"),
        (lambda: mixture.log_joint(z[:, :3]), "a code has z (N, 16), and this is (2, 3)"),
        (lambda: model.interpolate(X, X[:2], 3), "3 and 2 are there"),
        (
            lambda: model.interpolate(X, X, 1),
            "steps is 1: it must be a whole number from 2 to 2147483647",
        ),
        (lambda: model.sample(-1, seed=0), "n is -1: it must be a whole number"),
        (lambda: model.sample(2.5, seed=0), "n is 2.5: it must be a whole number"),
        (lambda: model.sample(2, seed="a"), "seed is 'a': it must be a whole number"),
        (lambda: model.sample(2, seed=2**31), "seed is 2147483648: it must be"),
        (lambda: model.encode(X, seed=-1), "seed is -1: it must be"),
        (lambda: model.sample(2, seed=0, component=0), "has no components"),
        (lambda: mixture.sample(2, seed=0, component=3), "component 3 is not one of 0 to 2"),
        (lambda: mixture.sample(2, seed=0, component=True), "component is True: it must be"),
        (lambda: model.posterior(X, 2, seed=0), "method 'toy' cannot posterior: it has encode, "),
        (lambda: model.predict(X), "method 'toy' cannot predict"),
        (lambda: points.encode(X), "method 'gan' cannot encode: it has decode, prior, sample"),
        (lambda: points.from_uint8(X), "this model reads points of 2 numbers, no images"),
        (lambda: model.from_uint8(X), "converts images of uint8, and these are float32"),
        (lambda: model.from_uint8(np.zeros((4, 4, 1), np.uint8)), "put one example into a batch"),
        (lambda: model.to_uint8(np.full((1, 4, 4, 1), np.nan)), "image 0 has NaN"),
    ]
    for call, message in cases:
        with pytest.raises(UserError, match=re.escape(message)) as caught:
            call()
        assert "\n" not in str(caught.value)


def test_standardised_images_have_no_one_scale():
    model = of_game(toy_game.game(), toy_game.config(), (4, 4, 1))
    model.config.data.standardise = True
    model.encode(5 * X - 3)
    assert "examples: float32 (N, 4, 4, 1), standardised\n" in repr(model)
    with pytest.raises(UserError, match="means and deviations are those of its training data"):
        model.from_uint8((X * 255).astype(np.uint8))


def test_refuses_places_off_the_axis():
    model = untrained("aae_mnist_labels_swiss_roll")
    assert model.axis([0.0, 0.5, 1.0])["z"].shape == (3, 2)
    for u in ([1.1], [np.nan], [[0.5]]):
        with pytest.raises(UserError, match="places on the axis must be numbers"):
            model.axis(u)


def test_refuses_words_beyond_the_vocabulary():
    model = untrained("caption_encoder_shapes")
    size = model.config.data.vocabulary
    assert np.isfinite(model.embed(np.array([[1, size - 1, 0]]))).all()
    for tokens in ([[size]], [[-1]], [1], [[0.5]]):
        with pytest.raises(UserError, match=f"integers .N, L. of 0 to {size - 1}"):
            model.embed(np.array(tokens))


def test_draws_of_the_posterior_stand_in_the_rows_of_their_images(monkeypatch):
    def encode(x, seed=None, label=None):
        return {"z": np.asarray(x).reshape(len(x), -1)[:, :3]}

    trained = untrained("amm_digits")
    monkeypatch.setattr(trained, "encode", encode)
    x = np.random.default_rng(1).random((5, *trained.example_shape), np.float32)
    z = trained.posterior(x, draws=4, seed=4)["z"]
    np.testing.assert_array_equal(z, np.repeat(x.reshape(5, 1, -1)[:, :, :3], 4, axis=1))


def test_draws_of_a_conditioned_posterior_have_the_label_of_their_image():
    conditioned = untrained("conditional_ali_mnist")
    x = np.zeros((3, *conditioned.example_shape), np.float32)
    label = np.array([2, 0, 1])
    code = conditioned.posterior(x, draws=4, seed=0, label=label)
    np.testing.assert_array_equal(code["y"].argmax(axis=-1), np.repeat(label[:, None], 4, axis=1))

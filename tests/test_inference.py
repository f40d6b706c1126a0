import dataclasses

import jax
import numpy as np
import pytest

from aae_jax.errors import UserError
from aae_jax.inference import GameFunctions, load_trained, load_trials, models_from_state
from aae_jax.methods import get_method
from aae_jax.model import Model
from aae_jax.state import make_init
from aae_jax.train import train
from configs import amm_digits
from tests import toy_game
from tests.configs import test_config

X = np.random.default_rng(0).random((600, 4, 4, 1), np.float32)


@pytest.fixture(scope="module")
def model():
    """The toy game, untrained; its encoder and decoder are those of `Coder`."""
    game = toy_game.game()
    state = make_init(game, seed=0, trials=1, ema=False)()
    return models_from_state(toy_game.config(), GameFunctions(game), state)[0]


def coder(model, x, method):
    """What flax gives for the whole batch at once."""
    variables = {
        "params": model.params["coder"],
        "batch_stats": model.batch_stats["coder"],
    }
    return toy_game.Coder().apply(variables, x, train=False, method=method)


@pytest.mark.parametrize("n", [1, 3, 256, 257, 600])
def test_any_number_of_examples(model, n):
    z = model.encode(X[:n])["z"]
    assert isinstance(z, np.ndarray)
    np.testing.assert_allclose(z, coder(model, X[:n], "encode"), rtol=1e-4, atol=1e-6)
    x_hat = model.decode({"z": z})
    assert x_hat.shape == (n, 4, 4, 1)
    np.testing.assert_allclose(x_hat, coder(model, z, "decode"), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(model.reconstruct(X[:n]), x_hat)


def test_draws_are_many_and_repeatable(model):
    z = model.prior(600, seed=1)["z"]
    assert z.shape == (600, toy_game.CODE)
    assert len(np.unique(z)) == z.size  # no chunk repeats another
    np.testing.assert_array_equal(z, model.prior(600, seed=1)["z"])
    assert not np.array_equal(z, model.prior(600, seed=2)["z"])
    # Standard normal: the mean of 1,200 draws is within four standard errors.
    assert abs(z.mean()) < 4 / np.sqrt(z.size)
    assert z.std() == pytest.approx(1, abs=4 / np.sqrt(2 * z.size))
    np.testing.assert_array_equal(model.sample(5, seed=1), model.decode(model.prior(5, seed=1)))


def test_interpolations_go_from_one_reconstruction_to_the_other(model):
    walk = model.interpolate(X[:3], X[3:6], steps=5)
    assert walk.shape == (3, 5, 4, 4, 1)
    np.testing.assert_allclose(walk[:, 0], model.reconstruct(X[:3]), rtol=1e-5)
    np.testing.assert_allclose(walk[:, -1], model.reconstruct(X[3:6]), rtol=1e-5)
    middle = (model.encode(X[:3])["z"] + model.encode(X[3:6])["z"]) / 2
    np.testing.assert_allclose(walk[:, 2], model.decode({"z": middle}), rtol=1e-5)


def test_says_what_it_is(model):
    assert model.components == 0
    assert model.code_shapes == {"z": (2,)}
    assert model.step == 0
    # coder: 16*8, norm 16, 8*2 + 2, 2*16 + 16; critic: 2*8 + 8, norm 16, 8 + 1.
    assert model.parameter_counts == {"coder": 128 + 16 + 18 + 48, "critic": 24 + 16 + 9}
    assert model.has("encode")
    for absent in ("predict", "component_of", "axis", "condition"):
        assert not model.has(absent)


def test_a_function_of_a_game_of_ones_own_is_called_by_its_name():
    def noisy(play, x):
        return x.sum(axis=(1, 2, 3)) + play.normal(x.shape[0])

    game = dataclasses.replace(toy_game.game(), inference={"noisy": noisy})
    state = make_init(game, seed=0, trials=1, ema=False)()
    (model,) = models_from_state(toy_game.config(), GameFunctions(game), state)
    first, again = (model.call("noisy", X[:5], seed=1) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (first != model.call("noisy", X[:5], seed=2)).all()
    assert first.shape == (5,)
    assert np.abs(first - X[:5].sum(axis=(1, 2, 3))).max() < 5
    with pytest.raises(UserError, match="the method has no function encode, only noisy"):
        model.call("encode", X[:5])


def test_refuses_a_component_that_is_not_there(model, mixture):
    with pytest.raises(UserError, match="has no components: leave component= out"):
        model.prior(2, seed=0, component=0)
    for component in (-1, 3):
        with pytest.raises(UserError, match=f"component {component} is not one of 0 to 2"):
            mixture.prior(2, seed=0, component=component)


def test_no_examples_at_all(model):
    none = X[:0]
    assert model.encode(none)["z"].shape == (0, toy_game.CODE)
    assert model.encode(none)["z"].dtype == np.float32
    assert model.reconstruct(none).shape == (0, 4, 4, 1)
    assert model.sample(0, seed=1).shape == (0, 4, 4, 1)
    assert model.interpolate(none, none, steps=3).shape == (0, 3, 4, 4, 1)


def test_shapes_alone_make_a_model_to_ask():
    game = toy_game.game()
    shapes = jax.eval_shape(make_init(game, seed=0, trials=1, ema=True))
    model = Model(toy_game.config(), GameFunctions(game), shapes.params, shapes.batch_stats, step=0)
    assert model.code_shapes == {"z": (2,)}
    assert model.parameter_counts["critic"] == 49


@pytest.fixture(scope="module")
def mixture():
    config = amm_digits.get_test_config()
    game = get_method("amm").build(config, (16, 16, 1), 10)
    state = make_init(game, seed=0, trials=1, ema=False)()
    return models_from_state(config, GameFunctions(game), state)[0]


def test_a_mixture_model(mixture):
    x = np.random.default_rng(1).random((5, 16, 16, 1), np.float32)
    assert mixture.components == 3
    assert mixture.code_shapes == {"y": (3,), "z": (mixture.config.game.code,)}
    p = mixture.predict(x)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(mixture.encode(x)["y"], p)
    # The mean of the posterior is fixed, its draws are not, and follow their seed.
    np.testing.assert_array_equal(mixture.encode(x)["z"], mixture.encode(x)["z"])
    draws = [mixture.encode(x, seed=seed)["z"] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert np.abs(draws[0] - draws[2]).max() > 0.1
    one = mixture.prior(4, seed=0, component=2)["y"]
    np.testing.assert_array_equal(one, np.tile([0, 0, 1], (4, 1)))
    every = mixture.prior(300, seed=0)["y"].argmax(axis=1)
    assert set(every) == {0, 1, 2}
    assert mixture.log_joint(mixture.encode(x)["z"]).shape == (5, 3)


def untrained(name):
    """The untrained model of a config's tiny variant, on images of 28x28 pixels."""
    config = test_config(name)
    game = get_method(config.method).build(config, (28, 28, 1), 10)
    state = make_init(game, seed=0, trials=1, ema=False)()
    return models_from_state(config, GameFunctions(game), state)[0]


def test_a_model_whose_decoder_reads_labels():
    model = untrained("aae_mnist_style")
    x, label = np.random.default_rng(0).random((5, 28, 28, 1), np.float32), [3, 1, 4, 1, 5]
    assert model.conditioned
    assert model.components == 10
    assert model.code_shapes == {"y": (10,), "z": (15,)}
    code = model.encode(x, label=label)
    np.testing.assert_array_equal(code["y"], np.eye(10)[label])
    assert code["z"].shape == (5, 15)
    np.testing.assert_array_equal(model.reconstruct(x, label=label), model.decode(code))
    np.testing.assert_array_equal(model.prior(3, seed=0, component=7)["y"], np.eye(10)[[7] * 3])
    walk = model.interpolate(x[:2], x[2:4], 3, label_a=label[:2], label_b=label[2:4])
    np.testing.assert_allclose(walk[:, 0], model.reconstruct(x[:2], label=label[:2]), rtol=1e-5)
    np.testing.assert_allclose(walk[:, 2], model.reconstruct(x[2:4], label=label[2:4]), rtol=1e-5)
    none = model.encode(x[:0], label=[])
    assert {name: part.shape for name, part in none.items()} == {"y": (0, 10), "z": (0, 15)}


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (None, "decoder of this method reads labels: pass label= with the images"),
        ([0, 1, 10], "labels must be 3 whole numbers from 0 to 9, one for each image"),
        ([0, -1, 1], "labels must be 3 whole numbers from 0 to 9"),
        ([0, 1], "labels must be 3 whole numbers from 0 to 9"),
        ([0.0, 1.0, float("nan")], "labels must be 3 whole numbers from 0 to 9"),
    ],
)
def test_labels_that_are_missing_or_wrong(label, message):
    model = untrained("aae_mnist_style")
    x = np.zeros((3, 28, 28, 1), np.float32)
    for function in (model.encode, model.reconstruct):
        with pytest.raises(UserError, match=message):
            function(x, label=label)


def test_other_models_do_not_look_at_labels(model):
    assert not model.conditioned
    same = model.reconstruct(X[:3], label=[0, 1, 2]), model.reconstruct(X[:3])
    np.testing.assert_array_equal(*same)
    assert set(model.encode(X[:3], label=[0, 1, 2])) == {"z"}


def test_parts_and_axis_of_the_prior():
    model = untrained("aae_mnist_labels_swiss_roll")
    u = (np.arange(40) + 0.5) / 40
    code = model.axis(u)
    assert {name: part.shape for name, part in code.items()} == {"z": (40, 2)}
    np.testing.assert_allclose(np.linalg.norm(code["z"], axis=1), 3 * np.sqrt(u), rtol=1e-5)
    component = model.component_of(code["z"])
    assert component.dtype == np.int32
    np.testing.assert_array_equal(component, np.arange(40) // 4)
    of_6 = model.component_of(model.prior(50, seed=0, component=6)["z"])
    assert np.mean(of_6 == 6) > 0.9


def test_a_model_without_codes():
    """A classifier has images in and numbers out; all else is refused in one line."""
    model = untrained("classifier_mnist")
    x = np.random.default_rng(0).random((5, 28, 28, 1), np.float32)
    assert model.predict(x).shape == (5, 10)
    assert model.features(x).shape == (5, 16)
    assert model.code_shapes == {}
    assert not model.conditioned
    for call in (model.encode, model.reconstruct, model.decode, model.log_joint):
        with pytest.raises(UserError, match="has no function .*, only features, predict"):
            call(x)
    with pytest.raises(UserError, match="has no function prior"):
        model.sample(3, seed=0)


def test_loads_what_training_saved(tmp_path, toy):
    config = toy.config(steps=2, trials=2)
    state = train(config, tmp_path)
    models = load_trials(config, tmp_path)
    for trial, model in enumerate(models):
        assert model.step == 2
        jax.tree.map(
            np.testing.assert_array_equal,
            model.params,
            jax.tree.map(lambda a, i=trial: np.asarray(a)[i], state.ema),
        )
        one = load_trained(config, tmp_path, trial)
        assert (one.trial, one.step, one.example_shape) == (trial, 2, (4, 4, 1))
        jax.tree.map(np.testing.assert_array_equal, one.params, model.params)
    for absent in (2, -1):
        with pytest.raises(UserError, match=f"there is no trial {absent}: .* trials 0 to 1"):
            load_trained(config, tmp_path, absent)


def test_refuses_workdirs_without_a_checkpoint_or_of_another_config(tmp_path, toy):
    config = toy.config(steps=2)
    with pytest.raises(UserError, match="no latest checkpoint"):
        load_trials(config, tmp_path / "none")
    train(config, tmp_path)
    with pytest.raises(UserError, match="another config"):
        load_trials(toy.config(seed=1), tmp_path)
    config.checkpoint.best_metric = "reconstruction_mse"
    config.evaluation.checkpoint = "best"
    with pytest.raises(UserError, match="no best checkpoint"):
        load_trials(config, tmp_path)


def test_a_loaded_model_has_averaged_parameters_and_settled_statistics(tmp_path, toy):
    config = toy.config(steps=3)
    config.ema_decay = 0.5
    state = train(config, tmp_path)
    raw, settled = (jax.tree.leaves(s)[0] for s in (state.batch_stats, state.settled))
    assert not np.array_equal(raw, settled)
    for one in (load_trained(config, tmp_path, trial=0), load_trials(config, tmp_path)[0]):
        jax.tree.map(
            np.testing.assert_array_equal,
            (one.params, one.batch_stats),
            (state.ema, state.settled),
        )

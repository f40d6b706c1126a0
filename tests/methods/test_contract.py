"""What every method in the table must give the rest of the package."""

import jax
import numpy as np
import pytest

from aae_jax import config as config_lib
from aae_jax.data import load, make_feed
from aae_jax.errors import UserError
from aae_jax.game import Play
from aae_jax.methods import METHODS, get_method
from aae_jax.state import init_state
from aae_jax.step import differentiate
from tests.configs import config_names, test_config

# One config of each method: the first in alphabetical order.
CONFIG_OF = {test_config(name).method: name for name in reversed(config_names())}


@pytest.fixture(scope="module", params=sorted(METHODS))
def played(request):
    """A method's game, its initial state and one batch."""
    config = test_config(CONFIG_OF[request.param])
    dataset = load(config.data)
    game = METHODS[request.param].build(config, dataset.example_shape, steps_per_epoch=4)
    state = jax.jit(lambda: init_state(game, jax.random.key(0)))()
    feed = make_feed(
        dataset,
        batch_size=config.batch_size,
        seeds=[0],
        local_devices=1,
        num_devices=1,
        first_device=0,
    )
    item = jax.tree.map(lambda a: a[0], next(feed))
    batch = feed.fetch(feed.arrays, item)
    feed.close()
    return game, state, batch


def test_every_method_has_a_config():
    assert set(CONFIG_OF) == set(METHODS)


def test_every_updated_player_exists_and_has_a_loss(played):
    game, state, batch = played
    updated = set()
    for phase in game.phases:
        updated |= set(phase.optimizers)
        outcome = jax.eval_shape(
            lambda key, phase=phase: dict(
                phase.loss_fn(
                    Play(game.players, state.params, state.batch_stats, key, train=True), batch
                ).losses
            ),
            jax.random.key(0),
        )
        assert set(outcome) == set(phase.optimizers)
        assert all(loss.shape == () for loss in outcome.values())
    assert updated == set(game.players)


def test_every_player_gets_a_finite_gradient_that_is_not_zero(played):
    game, state, batch = played
    for phase in game.phases:
        grads, outcome, _ = jax.jit(
            lambda key, phase=phase: jax.tree.map(
                lambda a: a,
                (lambda g, o, s: (g, dict(o.losses), s))(
                    *differentiate(game, phase, state.params, state.batch_stats, batch, key)
                ),
            )
        )(jax.random.key(0))
        assert all(np.isfinite(loss) for loss in outcome.values())
        for name, grad in grads.items():
            leaves = jax.tree.leaves(grad)
            assert all(np.isfinite(leaf).all() for leaf in leaves), name
            assert any(np.abs(leaf).max() > 0 for leaf in leaves), name


def test_inference_functions_fit_together(played):
    game, state, batch = played
    n = batch["x"].shape[0]

    def run(name, *inputs):
        def apply(key, *inputs):
            play = Play(game.players, state.params, state.batch_stats, key, train=False)
            return game.inference[name](play, *inputs)

        return jax.jit(apply)(jax.random.key(1), *inputs)

    code = run("encode", batch["x"])
    drawn = run("prior", np.full(n, -1, np.int32))
    assert jax.tree.map(np.shape, code) == jax.tree.map(np.shape, drawn)
    for one in (code, drawn):
        image = run("decode", one)
        assert image.shape == batch["x"].shape
        assert np.isfinite(image).all()
    if "predict" in game.inference:
        probability = run("predict", batch["x"])
        assert probability.shape == (n, game.components)
        np.testing.assert_allclose(probability.sum(axis=1), 1.0, rtol=1e-5)
    if "log_joint" in game.inference:
        assert run("log_joint", code["z"]).shape == (n, game.components)
    if "posterior" in game.inference:
        draw = run("posterior", batch["x"])
        assert not np.array_equal(draw["z"], code["z"])


def test_inference_of_an_example_does_not_depend_on_its_batch(played):
    game, state, batch = played

    @jax.jit
    def encode(x):
        play = Play(game.players, state.params, state.batch_stats, None, train=False)
        return game.inference["encode"](play, x)["z"]

    np.testing.assert_allclose(encode(batch["x"])[:2], encode(batch["x"][:2]), atol=1e-5)


def test_unknown_method():
    with pytest.raises(UserError, match="method is 'amn': choose one of aae, amm"):
        get_method("amn")


def test_base_config_passes_once_the_required_fields_are_set():
    config = config_lib.base()
    with pytest.raises(UserError, match="steps is 0: it must be at least 1"):
        config_lib.check(config)
    config.steps = 1
    config_lib.check(config)

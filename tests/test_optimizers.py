"""Optimisers: update rules by hand, schedules in epochs."""

import jax.numpy as jnp
import numpy as np
import pytest
from ml_collections import ConfigDict

from aae_jax import optimizers
from aae_jax.errors import UserError


def updates(config, gradients, steps_per_epoch=1):
    optimizer = optimizers.make_optimizer(config, steps_per_epoch)
    params = jnp.zeros(())
    state = optimizer.init(params)
    out = []
    for gradient in gradients:
        update, state = optimizer.update(jnp.asarray(gradient), state, params)
        out.append(float(update))
    return out


def test_adam_by_hand():
    got = updates(optimizers.adam(0.1, b1=0.5, b2=0.9), [1.0, -1.0])
    # Means: 0.5 / 0.5 = 1, then (0.25 - 0.5) / 0.75; the second moment stays 1.
    np.testing.assert_allclose(got, [-0.1, 0.1 / 3], rtol=1e-5)


def test_adam_by_the_root_of_the_epoch():
    got = updates(optimizers.adam_by_root(0.1, b1=0.0), [1.0] * 5, steps_per_epoch=2)
    rates = 0.1 / np.sqrt([1, 1, 2, 2, 3])
    np.testing.assert_allclose(got, -rates, rtol=1e-4)


def test_adam_falls_between_two_epochs():
    config = optimizers.adam_falling(0.1, b1=0.0, falls=(1, 3), factor=0.5)
    got = updates(config, [1.0] * 8, steps_per_epoch=2)
    rates = [0.1, 0.1, 0.1, 0.0875, 0.075, 0.0625, 0.05, 0.05]
    np.testing.assert_allclose(got, -np.array(rates), rtol=1e-4)
    for falls in ((3, 1), (), (0,), ("a", "b"), (-1, 2), (1e300, 1e301)):
        config.falls = falls
        with pytest.raises(UserError, match=r"optimizer's falls is \(.*\): give two epochs"):
            optimizers.make_optimizer(config, 2)
    config.falls = (1.0, 1.1)
    with pytest.raises(UserError, match="not one step of the run lies between"):
        optimizers.make_optimizer(config, 2)


def test_sgd_with_momentum_and_drops_by_hand():
    config = optimizers.sgd(0.1, momentum=0.9, drops=(1, 2), factor=0.1)
    got = updates(config, [1.0, 1.0, 1.0, 1.0, 1.0], steps_per_epoch=2)
    momentum = [1.0, 1.9, 2.71, 3.439, 4.0951]
    rates = [0.1, 0.1, 0.01, 0.01, 0.001]
    np.testing.assert_allclose(
        got, [-m * r for m, r in zip(momentum, rates, strict=True)], rtol=1e-5
    )


def test_another_optimizers_fields_are_asked_for():
    config = optimizers.adam()
    config.name = "sgd"
    with pytest.raises(UserError, match="name is 'sgd', which needs drops, factor, momentum too"):
        optimizers.make_optimizer(config, 1)


def test_unknown_optimizer_is_named():
    config = optimizers.adam()
    config.name = "adamm"
    with pytest.raises(UserError, match="unknown optimizer name 'adamm': choose one of"):
        optimizers.make_optimizer(config, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("learning_rate", -1e-3), ("learning_rate", np.nan), ("b1", 1.0), ("momentum", -0.1)],
)
def test_impossible_values_are_named(field, value):
    config = optimizers.sgd(0.1, 0.9) if field == "momentum" else optimizers.adam()
    config[field] = value
    with pytest.raises(UserError, match=f"an optimizer's {field} is {value}"):
        optimizers.make_optimizer(config, 1)


def test_fields_of_another_optimizer_are_refused():
    config = optimizers.adam()
    config.drops = (5,)
    with pytest.raises(UserError, match="name is 'adam', which does not take drops: it takes b1"):
        optimizers.make_optimizer(config, 1)


def test_optimizers_by_phase_where_there_is_one():
    with pytest.raises(UserError, match="optimizer has the entries first, and no name"):
        optimizers.make_optimizer(ConfigDict({"first": optimizers.adam()}), 1)

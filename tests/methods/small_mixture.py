"""A table for the mixture model's games that compiles in a moment: one stage, images of 4x4."""

import pytest

from aae_jax.networks import amm
from aae_jax.networks.amm_tables import TABLES, AMMNetworks

SHAPE = (4, 4, 1)


def _small(components, code, leader, channels):
    stages = (amm.Stage(6, 4, dropout=0.2),)
    return AMMNetworks(
        amm.CoupledEncoder(components, code, leader, trunk=(), stages=stages),
        amm.MixturePrior(code, hidden=(8,), learned_variance=False),
        amm.CoupledDecoder(first=8, stages=(amm.Stage(channels, 4, dropout=0.2),)),
        amm.JointDiscriminator(stages, hidden=8, joint=8, dropout=0.2),
    )


@pytest.fixture(scope="module", autouse=True)
def small_table():
    """Makes the table known as "small" to the tests of a module that imports this fixture."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TABLES, "small", (_small, SHAPE[0]))
        yield


def use_small_table(config, **game):
    """Puts the table and some options into a test config."""
    config.network.update({"name": "small", "width": 1.0})
    config.game.update({"components": 3, "code": 4, **game})
    return config

"""AMM, the game of "Adversarially Learned Mixture Model": Algorithm 1, Eqs. 6 to 13, 15 to 19."""

from ml_collections import ConfigDict

from aae_jax.game import Batch, Game, Outcome, Play, Player, spec
from aae_jax.methods import adversarial_mixture as shared
from aae_jax.methods.method import Method
from aae_jax.methods.mixture_prior import make_mixture


def options() -> ConfigDict:
    """`config.game` with the paper's defaults."""
    return ConfigDict(
        {
            "components": 10,  # K
            "code": 64,  # dimensions of z
            # q1 (Eq. 6), q2 (Eq. 7, the published tables) or independent (Eq. 15)
            "inference": "q2",
            # learned: p(z|y) is a network (Eq. 12); fixed: unit Gaussians; independent: N(0, I)
            # whatever y (Eq. 16)
            "prior": "learned",
            "prior_radius": 4.0,  # length of the means of the fixed prior
            # Of these means: orthogonal (and opposite, where there are more than dimensions) or
            # random ones, some of which come close to each other.
            "prior_directions": "orthogonal",
            # Epochs in which the means move out to `prior_radius`, linearly; ours, 0 for means that
            # stay. While components overlap, an image may change from one to another.
            "prior_epochs": 0.0,
            "prior_first_radius": 1.0,  # their length before
            "gradient_penalty": 10.0,  # lambda of Eq. 18
        }
    )


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `adversarial_mixture.network()`, its name one of `aae_jax.networks.amm_tables.TABLES`.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the images do not fit the network.
    """
    shared.check(config, shape)
    mixture = make_mixture(config, steps_per_epoch)
    nets, players = shared.make_networks(config, shape, shared.LEADERS[config.game.inference])
    players = {"encoder": Player(nets.encoder, (spec(*shape),)), **players}

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        penalty = config.game.gradient_penalty
        one = shared.compete(play, mixture, batch["x"], shared.infer, penalty)
        return Outcome(shared.of_players(players, one), one.metrics)

    return Game(
        players=players,
        phases=shared.one_phase("amm", loss_fn, players, config, steps_per_epoch),
        inference=shared.inference(mixture),
        components=mixture.components,
    )


METHOD = Method(build, "AMM", "Adversarially Learned Mixture Model", options)

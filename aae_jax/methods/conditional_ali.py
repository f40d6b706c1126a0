"""Conditional ALI, as "Adversarially Learned Mixture Model" states it: all labels observed, Eq. 4.

With the prior of Eq. 5 it is the model of "Adversarially Learned Inference"; with a mixture, Eq.
11, it is the supervised game of Eq. 14 alone.
"""

import functools
from collections.abc import Sequence

import jax
from ml_collections import ConfigDict

from aae_jax.game import Batch, Code, Game, Outcome, Play, Player, spec
from aae_jax.methods import adversarial_mixture as shared
from aae_jax.methods import amm
from aae_jax.methods.method import Method
from aae_jax.methods.mixture_prior import make_mixture


def options() -> ConfigDict:
    """`config.game` with defaults: y and z independent."""
    options = amm.options()
    del options.inference  # y is given
    options.prior = "independent"
    return options


def build(
    config: ConfigDict,
    shape: tuple[int, ...],
    steps_per_epoch: int,
    class_frequencies: Sequence[float] | None = None,
) -> Game:
    """Builds the game: (x, y) from the data and z~ ~ q(z|x, y) against synthesis.

    Args:
        config: an experiment's config; `config.game` as `options()`, with a component for each
            class, `config.network` as `adversarial_mixture.network()`.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.
        class_frequencies: shares of the classes among the labels, which are p(y); None for equal
            ones.

    Raises:
        UserError: a field has an impossible value, the images do not fit the network, or a class
            has no component or no label.
    """
    shared.check(config, shape)
    mixture = make_mixture(config, steps_per_epoch, class_frequencies)
    k = mixture.components
    nets, players = shared.make_networks(config, shape, leader="")
    read = (spec(stage.features) for stage in nets.encoder.stages)
    players = {
        "encoder": Player(nets.encoder, (spec(*shape), *read)),
        **players,
        "label_reader": shared.make_label_reader(nets, k),
    }

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        y = jax.nn.one_hot(batch["label"], k)
        one = shared.compete(
            play,
            mixture,
            batch["x"],
            functools.partial(shared.infer_given, y=y),
            config.game.gradient_penalty,
        )
        return Outcome(shared.of_players(players, one), one.metrics)

    def infer(play: Play, x: jax.Array, given: Code, *, draw: bool) -> Code:
        return shared.infer_given(play, x, given["y"], draw=draw)

    return Game(
        players=players,
        phases=shared.one_phase("conditional_ali", loss_fn, players, config, steps_per_epoch),
        inference={
            "encode": functools.partial(infer, draw=False),
            "posterior": functools.partial(infer, draw=True),
            "condition": lambda play, label: {"y": jax.nn.one_hot(label, k)},
            **shared.synthesis(mixture),
        },
        components=k,
        classes=k,
        encoder_reads_labels=True,
    )


METHOD = Method(
    build,
    "Conditional ALI",
    "Adversarially Learned Inference",
    options,
    reads_frequencies=True,
)

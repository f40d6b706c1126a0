"""An independently trained classifier: no generative model, but the judge of what they make.

It is a game of one player, so that it is trained, resumed, repeated and evaluated as all others.
`config.evaluation.classifier` of another run names its workdir.
"""

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks, losses
from aae_jax import config as base
from aae_jax.data import augment
from aae_jax.errors import UserError
from aae_jax.game import Batch, Game, Outcome, Phase, Play, Player, spec
from aae_jax.methods import tables
from aae_jax.methods.method import Method
from aae_jax.networks.classifier import Classifier, Opinion
from aae_jax.optimizers import make_optimizer


def options() -> ConfigDict:
    """`config.game` with defaults: ten digits, turned and moved a little in training."""
    return ConfigDict(
        {
            "classes": 10,
            "rotation": 10.0,  # largest turn either way, degrees; 0: none
            "shift": 2.0,  # largest move in each direction, pixels; 0: none
        }
    )


def network() -> ConfigDict:
    """`config.network` with defaults: the classifier of MNIST inception scores."""
    return ConfigDict(
        {
            "maps": (32, 64),  # channels of the two convolutions
            "features": 1024,  # width of the dense layer
            "dropout": 0.5,  # rate on the features
        }
    )


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `network()`, `config.optimizer` one optimiser.
        shape: (H, W, C) of an image, H and W divisible by 4.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the examples are no such images.
    """
    check(config, shape)
    game, net = config.game, config.network
    network = Classifier(game.classes, tuple(net.maps), net.features, net.dropout)
    players = {
        "classifier": Player(network, (spec(*shape),)),
    }

    def judge(play: Play, x: jax.Array) -> Opinion:
        return play("classifier", x)

    def loss_fn(play: Play, batch: Batch) -> Outcome:
        x, label = batch["x"], batch["label"]
        if game.rotation or game.shift:
            x = augment.random_turn_and_shift(x, play.keys(x.shape[0]), game.rotation, game.shift)
        logits = judge(play, x).logits
        loss = losses.categorical_information_loss(logits, label).mean()
        accuracy = (jnp.argmax(logits, axis=1) == label).mean()
        return Outcome({"classifier": loss}, {"accuracy": accuracy})

    optimizer = make_optimizer(config.optimizer, steps_per_epoch)
    return Game(
        players=players,
        phases=(Phase("classification", loss_fn, {"classifier": optimizer}),),
        inference={
            "predict": lambda play, x: jax.nn.softmax(judge(play, x).logits),
            "features": lambda play, x: judge(play, x).features,
        },
        components=game.classes,
        classes=game.classes,
    )


def check(config: ConfigDict, shape: tuple[int, ...]) -> None:
    """Raises a UserError where `config.game`, `config.network` or the data cannot work."""
    game, net = config.game, config.network
    base.check_names(net, network(), "config.network", "method classifier")
    if len(shape) != 3 or shape[0] % 4 or shape[1] % 4:
        raise UserError(
            f"the classifier halves images twice, and examples have shape {tuple(shape)}: set "
            "data.image_size to a multiple of 4"
        )
    if config.data.standardise:
        raise UserError(
            "data.standardise is set: a classifier that judges other images reads them in a range "
            "of two numbers, so set data.value_range instead"
        )
    checks.at_least("game.classes", game.classes, 2)
    if not 0 <= game.rotation <= 180:
        raise UserError(f"game.rotation is {game.rotation}: it must be 0 to 180 degrees")
    if not 0 <= game.shift < min(shape[:2]):
        raise UserError(f"game.shift is {game.shift}: it must be 0 or more, and below the image")
    tables.check_widths("network.maps", net.maps, "(32, 64)")
    if len(net.maps) != 2:
        raise UserError(f"network.maps is {net.maps}: give two numbers of channels, as (32, 64)")
    if type(net.features) is not int or net.features < 1:
        raise UserError(
            f"network.features is {net.features}: it must be a whole number of 1 or more"
        )
    checks.share("network.dropout", net.dropout)


METHOD = Method(build, "Classifier", "", options)

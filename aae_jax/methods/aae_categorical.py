"""Semi-supervised classification and clustering, from the later text of "Adversarial Autoencoders".

The code has a categorical part y beside the style z, and a discriminator for each. With K the
number of classes and some labels, y learns the class; with a larger K and none, it learns clusters.
"""

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks, losses, priors
from aae_jax.game import Batch, Code, Game, Outcome, Play, Player, spec
from aae_jax.methods import autoencoder
from aae_jax.methods.adversarial import discriminate, fool
from aae_jax.methods.draws import draw_any, draw_z
from aae_jax.methods.method import Method
from aae_jax.networks.mlp import NormalisedLogits
from aae_jax.optimizers import sgd


def options() -> ConfigDict:
    """`config.game` with defaults: the semi-supervised runs on ten digits."""
    return ConfigDict(
        {
            "components": 10,  # K, entries of y: classes or clusters
            "prior": priors.gaussian(10),  # of the style z, whose dimensions it gives
            "input_noise": 0.0,  # standard deviation of Gaussian noise on the encoder's images
        }
    )


def network() -> ConfigDict:
    """`config.network`: the paper's layers, and what its clustering runs add to the encoder."""
    network = autoencoder.network()
    network.output = "sigmoid"  # of the decoder: sigmoid or linear
    network.batch_norm = False  # in the encoder's hidden layers
    network.input_dropout = 0.0  # on the encoder's images
    # Ours: in the logits of y. Without it the discriminator of y soon tells what the encoder gives
    # from one-hot draws, and images of all digits share a few clusters.
    network.batch_norm_y = False
    return network


def optimizer(*, semi_supervised: bool) -> ConfigDict:
    """`config.optimizer`: the published SGD of each phase."""
    optimizer = autoencoder.sgd_by_phase()
    if semi_supervised:
        drops = optimizer.reconstruction.drops
        optimizer.classification = sgd(0.1, momentum=0.9, drops=drops)
    return optimizer


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `network()`, `config.optimizer` as `optimizer()`. It is semi-supervised, with the
            phase `classification`, where `config.data.labelled` is above 0.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value.
    """
    check(config, shape)
    game, k = config.game, config.game.components
    prior = {"y": priors.Categorical(k), "z": priors.make_prior(game.prior)}
    d = prior["z"].dim
    make_mlp = autoencoder.make_mlp(config)
    encoder = make_mlp(
        output=(k + d,),  # two linear heads on one trunk, side by side
        batch_norm=config.network.batch_norm,
        input_dropout=config.network.input_dropout,
    )
    if config.network.batch_norm_y:
        encoder = NormalisedLogits(encoder, k)
    decoder = make_mlp(output=shape, activation=autoencoder.ACTIVATIONS[config.network.output])
    players = {
        "encoder": Player(encoder, (spec(*shape),)),
        "decoder": Player(decoder, (spec(k), spec(d))),
        "discriminator_y": Player(make_mlp(output=()), (spec(k),)),
        "discriminator_z": Player(make_mlp(output=()), (spec(d),)),
    }

    def heads(play: Play, x: jax.Array, *, look: bool = False) -> tuple[jax.Array, jax.Array]:
        """Logits of y (B, K), and z (B, d)."""
        h = play("encoder", autoencoder.corrupt(play, x, game.input_noise), look=look)
        return h[:, :k], h[:, k:]

    def encode(play: Play, x: jax.Array) -> Code:
        logits, z = heads(play, x)
        return {"y": jax.nn.softmax(logits), "z": z}

    def decode(play: Play, code: Code) -> jax.Array:
        return play("decoder", code["y"], code["z"])

    def draw(play: Play, component: jax.Array) -> Code:
        """y of the components (n,), `ANY` for any, and z independent of it."""
        return {
            "y": draw_z(play, prior["y"], component),
            "z": draw_any(play, prior["z"], component.shape[0]),
        }

    def reconstruction_phase(play: Play, batch: Batch) -> Outcome:
        return autoencoder.reconstruction(decode(play, encode(play, batch["x"])), batch["x"])

    def discriminator_phase(play: Play, batch: Batch) -> Outcome:
        code_q = encode(play, batch["x"])
        code_p = draw(play, jnp.full(batch["x"].shape[0], priors.ANY))
        by_player, metrics = {}, {}
        for part in prior:
            real = play(f"discriminator_{part}", code_p[part])
            fake = play(f"discriminator_{part}", code_q[part])
            loss, metrics[f"d_{part}"] = discriminate(real, fake)
            by_player[f"discriminator_{part}"] = loss
        return Outcome(by_player, metrics)

    def generator_phase(play: Play, batch: Batch) -> Outcome:
        code = encode(play, batch["x"])
        fakes = [play(f"discriminator_{part}", code[part]) for part in prior]
        loss = sum(fool(fake) for fake in fakes)
        return Outcome({"encoder": loss})

    def classification_phase(play: Play, batch: Batch) -> Outcome:
        # The few labelled images are not what evaluation normalises with.
        logits, _ = heads(play, batch["x_labelled"], look=True)
        label = batch["label_labelled"]
        loss = losses.categorical_information_loss(logits, label).mean()
        accuracy = (jnp.argmax(logits, axis=1) == label).mean()
        return Outcome({"encoder": loss}, {"labelled_accuracy": accuracy})

    phases = {
        "reconstruction": (reconstruction_phase, ("encoder", "decoder")),
        "discriminator": (discriminator_phase, ("discriminator_y", "discriminator_z")),
        "generator": (generator_phase, ("encoder",)),
    }
    if config.data.labelled:
        phases["classification"] = (classification_phase, ("encoder",))
    return Game(
        players=players,
        phases=autoencoder.make_phases(config, phases, steps_per_epoch),
        inference={
            "encode": encode,
            "decode": decode,
            "prior": draw,
            "predict": lambda play, x: encode(play, x)["y"],
        },
        components=k,
        classes=k if config.data.labelled else 0,
        reads_labelled_subset=config.data.labelled > 0,
    )


def check(config: ConfigDict, shape: tuple[int, ...]) -> None:
    """Raises a UserError where `config.game` or `config.network` cannot work."""
    autoencoder.check_network(config, network())
    autoencoder.check_output(config, shape)
    autoencoder.check_noise(config.game.input_noise)
    checks.at_least("game.components", config.game.components, 2)
    checks.share("network.input_dropout", config.network.input_dropout)


METHOD = Method(
    build,
    "Adversarial autoencoder with a categorical code",
    "Adversarial Autoencoders",
    options,
)

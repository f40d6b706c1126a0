"""AAE, the game of "Adversarial Autoencoders", Sections 2 and 3: three phases on each minibatch."""

import jax
from ml_collections import ConfigDict

from aae_jax import priors
from aae_jax.game import Batch, Code, Game, Outcome, Play, Player, spec
from aae_jax.methods import autoencoder
from aae_jax.methods.aae_labels import make_labels
from aae_jax.methods.adversarial import discriminator_loss, fool
from aae_jax.methods.draws import draw_z
from aae_jax.methods.method import Method
from aae_jax.methods.posterior import make_posterior


def options() -> ConfigDict:
    """`config.game` with defaults: the 2-D Gaussian prior of Fig. 2a."""
    return ConfigDict(
        {
            "prior": priors.gaussian(2),  # of z, whose dimensions it gives
            "posterior": "deterministic",  # deterministic, gaussian or implicit
            # Dimensions of an implicit posterior's noise, ours: an untrained encoder then answers
            # to it about as much as to an image of MNIST.
            "eta": 100,
            "labels": "none",  # none, discriminator (Fig. 3a) or decoder (Fig. 3b)
            "classes": 10,  # of the labels
            "input_noise": 0.0,  # standard deviation of Gaussian noise on the encoder's images
        }
    )


def network() -> ConfigDict:
    """`config.network`: the paper's layers, and sigmoid or linear for the decoder's output."""
    network = autoencoder.network()
    network.output = "sigmoid"
    return network


optimizer = autoencoder.sgd_by_phase  # `config.optimizer`


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `network()`, `config.optimizer` with one entry per phase: `reconstruction`,
            `discriminator` and `generator`.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value.
    """
    autoencoder.check_network(config, network())
    autoencoder.check_output(config, shape)
    autoencoder.check_noise(config.game.input_noise)
    p_z = priors.make_prior(config.game.prior)
    labels = make_labels(config, p_z)
    make_mlp = autoencoder.make_mlp(config)
    q = make_posterior(config.game.posterior, make_mlp, shape, p_z.dim, config.game.eta)
    x_hat = make_mlp(output=shape, activation=autoencoder.ACTIVATIONS[config.network.output])
    z_and_switch = ((p_z.dim,), *labels.switch_shapes)
    players = {
        "encoder": q.encoder,
        "decoder": Player(x_hat, tuple(spec(*part) for part in labels.code_shapes.values())),
        "discriminator": Player(make_mlp(output=()), tuple(spec(*s) for s in z_and_switch)),
    }

    def encode(play: Play, x: jax.Array) -> jax.Array:
        """z ~ q(z|x)."""
        return q.draw(play, autoencoder.corrupt(play, x, config.game.input_noise))

    def decode(play: Play, code: Code) -> jax.Array:
        return play("decoder", *(code[part] for part in labels.code_shapes))

    def reconstruction_phase(play: Play, batch: Batch) -> Outcome:
        x, label = labels.streams(batch)[0]
        code = {"z": encode(play, x), **labels.condition(label)}
        return autoencoder.reconstruction(decode(play, code), x)

    def discriminator_phase(play: Play, batch: Batch) -> Outcome:
        streams = labels.streams(batch)
        loss, d_z = 0.0, 0.0
        for x, label in streams:
            z_p = draw_z(play, p_z, labels.component(label))
            real = play("discriminator", z_p, *labels.switch(label))
            fake = play("discriminator", encode(play, x), *labels.switch(label))
            loss += discriminator_loss(real, fake)
            d_z += jax.nn.sigmoid(fake).mean()
        return Outcome({"discriminator": loss / len(streams)}, {"d_z": d_z / len(streams)})

    def generator_phase(play: Play, batch: Batch) -> Outcome:
        streams = labels.streams(batch)
        loss = 0.0
        for x, label in streams:
            fake = play("discriminator", encode(play, x), *labels.switch(label))
            loss += fool(fake)
        return Outcome({"encoder": loss / len(streams)})

    phases = {
        "reconstruction": (reconstruction_phase, ("encoder", "decoder")),
        "discriminator": (discriminator_phase, ("discriminator",)),
        "generator": (generator_phase, ("encoder",)),
    }
    return Game(
        players=players,
        phases=autoencoder.make_phases(config, phases, steps_per_epoch),
        inference={
            "encode": lambda play, x: {"z": q.centre(play, x)},
            **({"posterior": lambda play, x: {"z": q.draw(play, x)}} if q.random else {}),
            "decode": decode,
            "prior": labels.draw,
            **labels.inference(),
        },
        components=labels.components,
        classes=labels.classes,
        reads_labelled_subset=labels.reads_subset,
    )


METHOD = Method(build, "Adversarial autoencoder", "Adversarial Autoencoders", options)

"""IAE, the game of "Implicit Autoencoders", Section 2: two GANs around an autoencoder.

The four special cases of the paper are options: `local_code` 0 is a deterministic decoder,
`regularise` False leaves the codes free.
"""

import jax
from ml_collections import ConfigDict

from aae_jax import losses, priors
from aae_jax.errors import UserError
from aae_jax.game import Batch, Code, Game, Outcome, Play, Player, spec
from aae_jax.methods import autoencoder, implicit, instance_noise
from aae_jax.methods.adversarial import discriminate, fool
from aae_jax.methods.draws import draw_any
from aae_jax.methods.method import Method
from aae_jax.optimizers import adam


def options() -> ConfigDict:
    """`config.game` with defaults: the deterministic autoencoder of Fig. 2b."""
    return ConfigDict(
        {
            **implicit.code_options(priors.gaussian(20)),
            "encoder_noise": 0,  # dimensions of the encoder's noise eps; 0: deterministic
            # Standard deviation of Gaussian noise on the encoder's images, which the paper does not
            # have: few labelled images are learned by heart without it.
            "input_noise": 0.0,
            **instance_noise.options(),  # on the images that D(x, z) sees
            "regularise": True,  # match the codes to the prior by the second GAN
        }
    )


def optimizer(*, regularise: bool = True, semi_supervised: bool = False) -> ConfigDict:
    """`config.optimizer`: Adam in each phase; the paper prints no rates."""
    phases = ["reconstruction"]
    phases += ["regularisation"] if regularise else []
    phases += ["classification"] if semi_supervised else []
    return ConfigDict({phase: adam() for phase in phases})


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `implicit.network()` or `implicit.point_network()`, `config.optimizer` as
            `optimizer()`. It is semi-supervised, with the phase `classification`, where
            `config.data.labelled` is above 0.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    latent = implicit.make_latent(config)
    implicit.check_dimensions(config, "encoder_noise")
    autoencoder.check_noise(config.game.input_noise)
    blur = instance_noise.make_blur(config, steps_per_epoch)
    game, d, labelled = config.game, latent.p_z.dim, config.data.labelled
    if labelled and not latent.categorical:
        raise UserError(
            "data.labelled asks for semi-supervision, which needs a categorical code: set "
            "game.prior to priors.categorical(K), or data.labelled=0"
        )
    nets = implicit.make_networks(config, shape, d)
    eps_spec = (spec(game.encoder_noise),) if game.encoder_noise else ()
    players = {
        "encoder": Player(nets.encoder, (spec(*shape), *eps_spec)),
        "decoder": Player(nets.decoder, latent.specs),
        "discriminator_xz": Player(nets.image_discriminator, (spec(*shape), spec(d))),
    }
    if game.regularise:
        players["discriminator_z"] = Player(nets.code_discriminator, (spec(d),))

    def features(play: Play, x: jax.Array, *, draw: bool, look: bool = False) -> jax.Array:
        eps = implicit.noise(play, game.encoder_noise, x.shape[0], draw=draw)
        return play("encoder", autoencoder.corrupt(play, x, game.input_noise), *eps, look=look)

    def encode(play: Play, x: jax.Array, *, draw: bool) -> Code:
        """z^ = f(x, eps) with an n of its own: what a stochastic reconstruction is made of."""
        z = latent.from_features(features(play, x, draw=draw))
        return latent.complete(play, z, draw=draw)

    def decode(play: Play, code: Code) -> jax.Array:
        """x^ = g(z, n)."""
        return play("decoder", *latent.read(code))

    def reconstruction_phase(play: Play, batch: Batch) -> Outcome:
        """D(x, z) tells (x, z^) from (x^, z^). Only the negative pair is in the others' loss."""
        x, code = batch["x"], encode(play, batch["x"], draw=True)
        x_hat = decode(play, code)
        real = play("discriminator_xz", blur(play, x), code["z"])
        fake = play("discriminator_xz", blur(play, x_hat), code["z"])
        loss_d, d_xz = discriminate(real, fake)
        loss = fool(fake)
        by_player = {"discriminator_xz": loss_d, "encoder": loss, "decoder": loss}
        return Outcome(by_player, {"d_xz": d_xz, "mse": ((x - x_hat) ** 2).mean()})

    def regularisation_phase(play: Play, batch: Batch) -> Outcome:
        """D(z) tells p(z) from the codes, and the encoder fools it."""
        z_q = latent.from_features(features(play, batch["x"], draw=True))
        z_p = draw_any(play, latent.p_z, z_q.shape[0])
        fake = play("discriminator_z", z_q)
        loss_d, d_z = discriminate(play("discriminator_z", z_p), fake)
        return Outcome({"discriminator_z": loss_d, "encoder": fool(fake)}, {"d_z": d_z})

    def classification_phase(play: Play, batch: Batch) -> Outcome:
        # The few labelled images are not what evaluation normalises with.
        h = features(play, batch["x_labelled"], draw=True, look=True)
        label = batch["label_labelled"]
        loss = losses.categorical_information_loss(h, label).mean()
        return Outcome({"encoder": loss}, {"labelled_accuracy": (h.argmax(axis=1) == label).mean()})

    phases = {
        "reconstruction": (reconstruction_phase, ("discriminator_xz", "encoder", "decoder")),
    }
    if game.regularise:
        phases["regularisation"] = (regularisation_phase, ("discriminator_z", "encoder"))
    if labelled:
        phases["classification"] = (classification_phase, ("encoder",))
    return Game(
        players=players,
        phases=autoencoder.make_phases(config, phases, steps_per_epoch),
        inference=implicit.inference(
            latent, encode, decode, random=latent.local + game.encoder_noise > 0
        ),
        components=latent.p_z.components,
        classes=latent.p_z.components if labelled else 0,
        reads_labelled_subset=labelled > 0,
    )


METHOD = Method(build, "Implicit autoencoder", "Implicit Autoencoders", options)

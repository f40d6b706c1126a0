"""FIAE, the flipped game of "Implicit Autoencoders", Section 3: two GANs around a generator.

Codes are made into images and recognised again, z -> x~ -> z^: the recognition network sees
synthetic images only, and real ones for the first time when the model is used.
"""

import functools

import jax
from ml_collections import ConfigDict

from aae_jax import priors
from aae_jax.errors import UserError
from aae_jax.game import Batch, Code, Game, Outcome, Play, Player, spec
from aae_jax.methods import autoencoder, implicit, instance_noise
from aae_jax.methods.adversarial import discriminate, fool
from aae_jax.methods.method import Method
from aae_jax.optimizers import adam


def options() -> ConfigDict:
    """`config.game` with defaults: both paths deterministic, as in Fig. 10."""
    return ConfigDict(
        {
            **implicit.code_options(priors.gaussian(15)),
            "recognition_noise": 0,  # dimensions of the noise eps; 0: deterministic
            # Ours, for categorical codes: recognition gives one-hot ones (gradients go straight
            # through), not the probabilities, which D(x, z) tells from draws of p(z) whatever x.
            "hard_codes": False,
            **instance_noise.options(),  # on what both discriminators see of images
        }
    )


def optimizer() -> ConfigDict:
    """`config.optimizer`: Adam in each phase; the paper prints no rates."""
    return ConfigDict({phase: adam() for phase in ("regularisation", "reconstruction")})


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    The reconstruction phase goes down one path only, as that of the game which is flipped here
    (Eqs. 9 and 10 and footnote 1): generator and recognition descend -log D(x~, z^), the generator
    through x~ on both its ways, as the condition and into z^. Nothing flows through the positive
    pair (x~, z), although the generator makes half of it.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `implicit.network()` or `implicit.point_network()`, `config.optimizer` as
            `optimizer()`.
        shape: shape of one example.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    latent = implicit.make_latent(config)
    implicit.check_dimensions(config, "recognition_noise")
    blur = instance_noise.make_blur(config, steps_per_epoch)
    d, noise = latent.p_z.dim, config.game.recognition_noise
    hard = config.game.hard_codes
    if hard and not latent.categorical:
        raise UserError(
            "game.hard_codes is for categorical codes: set game.prior to priors.categorical(K), or "
            "game.hard_codes=False"
        )
    nets = implicit.make_networks(config, shape, d)
    players = {
        "generator": Player(nets.decoder, latent.specs),
        "recognition": Player(nets.encoder, (spec(*shape), *((spec(noise),) if noise else ()))),
        "discriminator_x": Player(nets.image_discriminator, (spec(*shape),)),
        "discriminator_xz": Player(nets.image_discriminator, (spec(*shape), spec(d))),
    }

    def soft(play: Play, x: jax.Array, *, draw: bool) -> jax.Array:
        """f(x, eps), of a categorical code its probabilities."""
        eps = implicit.noise(play, noise, x.shape[0], draw=draw)
        return latent.from_features(play("recognition", x, *eps))

    def recognise(play: Play, x: jax.Array, *, draw: bool) -> jax.Array:
        """z^."""
        z = soft(play, x, draw=draw)
        return implicit.nearest_corner(z) if hard else z

    def encode(play: Play, x: jax.Array, *, draw: bool) -> Code:
        """z^ with an n of its own."""
        return latent.complete(play, recognise(play, x, draw=draw), draw=draw)

    def regularisation_phase(play: Play, batch: Batch) -> Outcome:
        """D(x) tells data from synthetic images, and the generator fools it."""
        x = batch["x"]
        x_p = latent.generate(play, latent.draw_any(play, x.shape[0]))
        fake = play("discriminator_x", blur(play, x_p))
        loss_d, d_x = discriminate(play("discriminator_x", blur(play, x)), fake)
        by_player = {"discriminator_x": loss_d, "generator": fool(fake)}
        return Outcome(by_player, {"d_x": d_x})

    def reconstruction_phase(play: Play, batch: Batch) -> Outcome:
        """D(x, z) tells (x~, z) from (x~, z^). Only the negative pair is in the others' loss."""
        code = latent.draw_any(play, batch["x"].shape[0])
        x = latent.generate(play, code)
        z_hat = recognise(play, x, draw=True)
        fake = play("discriminator_xz", blur(play, x), z_hat)
        real = play("discriminator_xz", blur(play, x), code["z"])
        loss_d, d_xz = discriminate(real, fake)
        loss = fool(fake)
        by_player = {"discriminator_xz": loss_d, "generator": loss, "recognition": loss}
        return Outcome(by_player, {"d_xz": d_xz, "code_mse": ((z_hat - code["z"]) ** 2).mean()})

    phases = {
        "regularisation": (regularisation_phase, ("discriminator_x", "generator")),
        "reconstruction": (
            reconstruction_phase,
            ("discriminator_xz", "generator", "recognition"),
        ),
    }
    random = bool(latent.local or noise)
    inference = implicit.inference(latent, encode, latent.generate, random=random)
    if hard:  # codes are no probabilities then
        inference["predict"] = functools.partial(soft, draw=False)
    return Game(
        players=players,
        phases=autoencoder.make_phases(config, phases, steps_per_epoch),
        inference=inference,
        components=latent.p_z.components,
    )


METHOD = Method(build, "Flipped implicit autoencoder", "Implicit Autoencoders", options)

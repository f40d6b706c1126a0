"""The game of "Learning Priors for Adversarial Autoencoders", Algorithm 1: two phases a minibatch.

A code generator turns noise z, and a condition s where there is one, into z_c = CG(z[, s]), the
learned prior that the encoder's codes are matched to. It is trained to make the decoder's images
real ones to an image discriminator, whose features also measure reconstructions.

The paper's baselines are options. `prior` "fixed" puts noise and condition themselves in the place
of z_c, and nothing else changes; with `similarity` "pixels" as well, no image discriminator is left
and the game is an adversarial autoencoder whose players are all updated at once. Two options of
ours tie images closer to their condition: D_C may read it (`matched`), and D_I may refuse that of
another image (`mismatch`).
"""

import jax
import jax.numpy as jnp
import optax
from ml_collections import ConfigDict

from aae_jax import checks, losses, parallel
from aae_jax.errors import UserError
from aae_jax.game import Batch, Game, InferenceFn, Outcome, Phase, Play, Player, spec
from aae_jax.methods import autoencoder, tables
from aae_jax.methods.adversarial import discriminator_loss, fool
from aae_jax.methods.learned_prior_condition import Parts, make_condition
from aae_jax.methods.method import Method
from aae_jax.methods.posterior import make_posterior
from aae_jax.networks import learned_prior as networks
from aae_jax.networks.learned_prior import Judgement
from aae_jax.optimizers import adam

CHOICES = {
    "prior": ("learned", "fixed"),
    "similarity": ("features", "pixels"),
    "posterior": ("deterministic", "gaussian"),
    "matched": ("codes", "codes_and_condition"),
}


def options(code: int = 64) -> ConfigDict:
    """`config.game` with defaults: a learned prior without a condition.

    Args:
        code: dimensions of z, and of the noise, which the paper does not print.
    """
    return ConfigDict(
        {
            "code": code,  # dimensions of z
            "noise": code,  # dimensions of the Gaussian noise beside s
            # s: none, the image's label (Section 4.2.1), a categorical code (Section 4.2.2) or the
            # embedding of a caption of the image (Section 4.3)
            "condition": "none",
            "components": 10,  # values of a label or categorical code
            "sentence": 200,  # dimensions of an embedding
            "prior": "learned",  # fixed: s and noise side by side are the codes
            "similarity": "features",  # of the image discriminator, or pixels: what L_rec compares
            "posterior": "deterministic",  # gaussian: the re-parametrised encoder
            # What D_C compares: codes (Eq. 5), or each with its s, which the paper does not have.
            # Codes alone may come to lie where the prior has images of another s, and the decoder
            # then cannot serve both.
            "matched": "codes",
            # Weight of L_rec. The paper's factor 1/N leaves open what N counts; summed over 4096
            # features, an unweighted L_rec would drown the encoder's adversarial term.
            "reconstruction": 0.01,
            "decoder_weight": 1.0,  # lambda, of L_rec in the decoder's update
            "information": 1.0,  # weight of the mutual information of s and image
            # Weight of a term that the paper does not have: D_I tells real images with the s of
            # another one from those with their own, as the matching-aware discriminator of
            # "Generative Adversarial Text to Image Synthesis" does.
            "mismatch": 0.0,
        }
    )


def network() -> ConfigDict:
    """`config.network`: the paper's tables, and a factor on their widths."""
    return ConfigDict({"name": "learned_prior", "width": 1.0})


def optimizer(*, image_game: bool = True) -> ConfigDict:
    """`config.optimizer`: Adam in each phase; the paper prints no rates.

    Args:
        image_game: whether there is an image discriminator, and so the second phase.
    """
    return ConfigDict({phase: adam() for phase in ("aae", "prior_improvement")[: 1 + image_game]})


def build(config: ConfigDict, shape: tuple[int, ...], steps_per_epoch: int) -> Game:
    """Builds the game.

    Discriminators ascend their log-likelihoods, whatever sign the algorithm's box gives them, and
    who fools one descends -log D of what it makes. Both the code generator and the decoder descend
    the image loss, as the text has it.

    Args:
        config: an experiment's config; `config.game` as `options()`, `config.network` as
            `network()`, `config.optimizer` as `optimizer()`.
        shape: (H, W, C) of an image.
        steps_per_epoch: updates in one pass over the training data.

    Raises:
        UserError: a field has an impossible value, or the data do not fit the network.
    """
    check(config, shape)
    game = config.game
    learned, image_game = game.prior == "learned", game.similarity == "features"
    condition = make_condition(game)
    s_spec = (spec(condition.width),) if condition.width else ()
    joint = game.matched == "codes_and_condition"
    nets = networks.networks(
        shape[-1],
        game.code,
        game.noise + condition.width,
        guesses=condition.width,
        width=config.network.width,
    )
    q = make_posterior(game.posterior, nets.make_encoder, shape, game.code, eta=0)
    players = {
        "encoder": q.encoder,
        "decoder": Player(nets.decoder, (spec(game.code),)),
        "code_discriminator": Player(
            nets.code_discriminator, (spec(game.code), *(s_spec if joint else ()))
        ),
    }
    if image_game:
        told = s_spec if condition.told else ()
        players["image_discriminator"] = Player(nets.image_discriminator, (spec(*shape), *told))
    if learned:
        players["code_generator"] = Player(nets.code_generator, (*s_spec, spec(game.noise)))

    def draw_code(play: Play, n: int, s: Parts) -> jax.Array:
        """z_c (n, d) of the prior, given s."""
        parts = (*s, play.normal(n, game.noise))
        return play("code_generator", *parts) if learned else jnp.concatenate(parts, axis=1)

    def decode(play: Play, z: jax.Array) -> jax.Array:
        return play("decoder", z)

    def compared(play: Play, x: jax.Array) -> jax.Array:
        """What of an image L_rec compares: F(x), or x itself."""
        return play("image_discriminator", x).features if image_game else x

    def aae_phase(play: Play, batch: Batch) -> Outcome:
        """The codes are matched to z_c (Eq. 5), and decoded to what they come from."""
        x = batch["x"]
        s = condition.of_batch(play, batch)
        z_c = draw_code(play, x.shape[0], s)
        z = q.draw(play, x)
        x_rec = decode(play, z)
        real, fake = (play("code_discriminator", c, *(s if joint else ())) for c in (z_c, z))
        distance = losses.feature_reconstruction_loss(compared(play, x_rec), compared(play, x))
        loss_rec = game.reconstruction * distance.mean()
        by_player = {
            "code_discriminator": discriminator_loss(real, fake),
            "encoder": loss_rec + fool(fake),
            "decoder": loss_rec,
        }
        metrics = {"d_z": jax.nn.sigmoid(fake).mean(), "mse": ((x - x_rec) ** 2).mean()}
        return Outcome(by_player, metrics)

    def prior_improvement_phase(play: Play, batch: Batch) -> Outcome:
        """D_I tells images from those of z_c and from reconstructions (Eq. 4, Algorithm 1)."""
        x, s = batch["x"], condition.of_batch(play, batch)

        def judge(x: jax.Array) -> Judgement:
            return play("image_discriminator", x, *condition.read(s))

        real = judge(x)
        made = judge(decode(play, draw_code(play, x.shape[0], s)))
        rec = judge(decode(play, q.draw(play, x)))
        loss_d = losses.real_loss(real.logits).mean()
        loss_d += losses.fake_loss(made.logits).mean() + losses.fake_loss(rec.logits).mean()
        loss_cg = fool(made.logits)
        metrics = {
            "d_made": jax.nn.sigmoid(made.logits).mean(),
            "d_rec": jax.nn.sigmoid(rec.logits).mean(),
        }
        if game.mismatch:
            of_another = parallel.of_another_example(*s)
            differs = (of_another != s[0]).any(axis=1)
            mismatched = play("image_discriminator", x, *condition.read((of_another,)))
            loss_d += game.mismatch * (differs * losses.fake_loss(mismatched.logits)).mean()
            metrics["d_mismatched"] = jax.nn.sigmoid(mismatched.logits).mean()
        if s:
            nll = condition.information_loss(made.guess, *s).mean()
            # Q is D_I's network with another head, so it descends the term with D_I.
            loss_d += game.information * nll
            loss_cg += game.information * nll
            metrics["condition_nll"] = nll
        by_player = {"image_discriminator": loss_d, "decoder": loss_cg + fool(rec.logits)}
        if learned:
            by_player["code_generator"] = loss_cg
        return Outcome(by_player, metrics)

    phases = {"aae": aae_phase}
    if image_game:
        phases["prior_improvement"] = prior_improvement_phase
    by_phase = autoencoder.make_optimizers(config, tuple(phases), steps_per_epoch)
    updated = {
        "aae": ("code_discriminator", "encoder", "decoder"),
        "prior_improvement": ("image_discriminator", "decoder", "code_generator"),
    }
    optimizers = {
        phase: {name: by_phase[phase] for name in updated[phase] if name in players}
        for phase in phases
    }
    # lambda scales the update and not the loss: Adam, whose moments belong to one phase here, would
    # cancel a factor of the loss. For plain gradient descent the two are the same.
    optimizers["aae"]["decoder"] = optax.chain(by_phase["aae"], optax.scale(game.decoder_weight))

    def draw_prior(play: Play, component: jax.Array) -> dict[str, jax.Array]:
        s = condition.draw(play, component)
        return {"z": draw_code(play, component.shape[0], s)}

    def draw_caption_prior(play: Play, sentence: jax.Array) -> dict[str, jax.Array]:
        return {"z": draw_code(play, sentence.shape[0], (sentence,))}

    inference: dict[str, InferenceFn] = {
        "encode": lambda play, x: {"z": q.centre(play, x)},
        "decode": lambda play, code: decode(play, code["z"]),
    }
    if condition.sentence:  # a prior of images of any caption would need captions to draw from
        inference["caption_prior"] = draw_caption_prior
    else:
        inference["prior"] = draw_prior
    if q.random:
        inference["posterior"] = lambda play, x: {"z": q.draw(play, x)}
    if condition.components:
        inference["predict"] = lambda play, x: jax.nn.softmax(play("image_discriminator", x).guess)
    return Game(
        players=players,
        phases=tuple(Phase(name, phases[name], optimizers[name]) for name in phases),
        inference=inference,
        components=condition.components,
        classes=condition.classes,
        sentence=condition.sentence,
    )


def check(config: ConfigDict, shape: tuple[int, ...]) -> None:
    """Raises a UserError where `config.game` or `config.network` cannot work."""
    game = config.game
    for name, allowed in CHOICES.items():
        checks.choice(f"game.{name}", game[name], allowed)
    least = {"code": 1, "noise": 1, "components": 2, "sentence": 1, "mismatch": 0}
    for name, value in least.items():
        checks.at_least(f"game.{name}", game[name], value)
    for name in ("reconstruction", "decoder_weight", "information"):
        checks.positive(f"game.{name}", game[name])
    if game.mismatch and not make_condition(game).told:
        raise UserError(
            f"game.mismatch is {game.mismatch}, but with game.condition={game.condition} real "
            "images come without an s to exchange: set game.mismatch=0, or game.condition=label or "
            "text"
        )
    if game.matched == "codes_and_condition" and not make_condition(game).told:
        raise UserError(
            f"game.matched is 'codes_and_condition', but with game.condition={game.condition} "
            "images come without a condition: set game.matched=codes, or game.condition=label or "
            "text"
        )
    if game.similarity == "pixels" and (game.prior == "learned" or game.condition != "none"):
        raise UserError(
            "game.similarity is 'pixels', which leaves no image discriminator to learn a prior or "
            "a condition from: set game.prior=fixed and game.condition=none, or "
            "game.similarity=features"
        )
    width = game.noise + make_condition(game).width
    if game.prior == "fixed" and game.code != width:
        raise UserError(
            f"game.code is {game.code} but the codes of a fixed prior are its noise and condition, "
            f"{width} numbers: set game.code={width}"
        )
    tables.check_fields(config, {"learned_prior": network()})
    tables.check_images(config, shape, networks.SIZE, networks.REACH)


_PAPER = "Learning Priors for Adversarial Autoencoders"

METHOD = Method(
    build,
    "Adversarial autoencoder with a learned prior",
    _PAPER,
    options,
    variant=lambda game: (
        ("Adversarial autoencoder with a fixed prior", _PAPER) if game.prior == "fixed" else None
    ),
)

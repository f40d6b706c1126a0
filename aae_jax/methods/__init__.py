"""The table of methods: adding one is a file here, a line in this table and a config.

A method of a user's own needs neither: `config.method = "my_module:build"`, or the name of a
`Method` there.
"""

from collections.abc import Mapping
from typing import Any

from ml_collections import ConfigDict

from aae_jax import config as config_lib
from aae_jax.errors import UserError
from aae_jax.game import Game
from aae_jax.methods import (
    aae,
    aae_categorical,
    aim,
    ali,
    amm,
    caption_encoder,
    classifier,
    conditional_ali,
    fiae,
    gan,
    iae,
    idle,
    infogan,
    learned_prior,
    own_method,
    own_networks,
    samm,
    unrolled_gan,
    vae,
    veegan,
)
from aae_jax.methods.method import Method

_AIM = "AIM: Adversarial Inference by Matching Priors and Conditionals"
_ALICE = "ALICE: Towards Understanding Adversarial Learning for Joint Distribution Matching"
_LEARNED_PRIOR = "Learning Priors for Adversarial Autoencoders"

METHODS = {
    "aae": Method(aae.build, "Adversarial autoencoder", "Adversarial Autoencoders", aae.options),
    "aae_categorical": Method(
        aae_categorical.build,
        "Adversarial autoencoder with a categorical code",
        "Adversarial Autoencoders",
        aae_categorical.options,
    ),
    "aim": Method(
        aim.build,
        "AIM",
        _AIM,
        aim.options,
        variant=lambda game: ("AIM-", _AIM) if game.variance == "fixed" else None,
    ),
    "ali": Method(
        ali.build,
        "ALI",
        "Adversarially Learned Inference",
        ali.options,
        variant=lambda game: ("ALICE", _ALICE) if game.cycle else None,
    ),
    "amm": Method(amm.build, "AMM", "Adversarially Learned Mixture Model", amm.options),
    "caption_encoder": Method(
        caption_encoder.build, "Caption encoder", "", caption_encoder.options
    ),
    "classifier": Method(classifier.build, "Classifier", "", classifier.options),
    "conditional_ali": Method(
        conditional_ali.build,
        "Conditional ALI",
        "Adversarially Learned Inference",
        conditional_ali.options,
        reads_frequencies=True,
    ),
    "fiae": Method(
        fiae.build, "Flipped implicit autoencoder", "Implicit Autoencoders", fiae.options
    ),
    "gan": Method(gan.build, "GAN", "Generative Adversarial Nets", gan.options),
    "iae": Method(iae.build, "Implicit autoencoder", "Implicit Autoencoders", iae.options),
    "infogan": Method(
        infogan.build,
        "InfoGAN",
        "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative "
        "Adversarial Nets",
        infogan.options,
    ),
    "learned_prior": Method(
        learned_prior.build,
        "Adversarial autoencoder with a learned prior",
        _LEARNED_PRIOR,
        learned_prior.options,
        variant=lambda game: (
            ("Adversarial autoencoder with a fixed prior", _LEARNED_PRIOR)
            if game.prior == "fixed"
            else None
        ),
    ),
    "samm": Method(
        samm.build,
        "SAMM",
        "Adversarially Learned Mixture Model",
        amm.options,
        reads_frequencies=True,
    ),
    "unrolled_gan": Method(
        unrolled_gan.build,
        "Unrolled GAN",
        "Unrolled Generative Adversarial Networks",
        unrolled_gan.options,
    ),
    "vae": Method(
        vae.build, "Variational autoencoder", "Auto-Encoding Variational Bayes", vae.options
    ),
    "veegan": Method(
        veegan.build,
        "VEEGAN",
        "VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning",
        veegan.options,
    ),
}


def get_method(name: str) -> Method:
    """Looks a method up by `config.method`: a name in the table, or a user's own `module:name`.

    Raises:
        UserError: unknown name, or a function that is not found or takes other arguments.
    """
    if ":" in name:
        return own_method.find(name)
    if name not in METHODS:
        raise UserError(
            f"method is {name!r}: choose one of {', '.join(sorted(METHODS))}, or module:build for "
            "one of your own"
        )
    return METHODS[name]


def refuse_idle(config: ConfigDict) -> None:
    """Raises a UserError where a field of `config.game` was changed that nothing reads."""
    method = METHODS.get(config.method)  # one of a user's own may mean other things by a name
    if method is not None and method.options is not None:
        idle.refuse(config.game, method.options())


def build_game(config: ConfigDict, facts: Mapping[str, Any]) -> Game:
    """Builds the game of a run.

    Args:
        config: an experiment's config.
        facts: of its data, as they are kept with a checkpoint: `shape` of an example,
            `steps_per_epoch`, and `class_frequencies` where the method reads them.

    Raises:
        UserError: unknown method or network, or a value that cannot work.
    """
    method = get_method(config.method)
    if method.options is not None:
        known = method.options()
        config_lib.check_names(config.game, known, "config.game", f"method {config.method}")
    given = [facts["class_frequencies"]] if method.reads_frequencies else []
    game = method.build(config, tuple(facts["shape"]), facts["steps_per_epoch"], *given)
    return own_networks.put(config.players, game)

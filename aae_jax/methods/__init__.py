"""The table of methods: adding one is a file here, a line in this table and a config."""

from collections.abc import Callable
from dataclasses import dataclass

from ml_collections import ConfigDict

from aae_jax.errors import UserError
from aae_jax.game import Game
from aae_jax.methods import (
    aae,
    aae_categorical,
    aim,
    ali,
    amm,
    classifier,
    fiae,
    gan,
    iae,
    infogan,
    unrolled_gan,
    vae,
    veegan,
)


@dataclass(frozen=True)
class Method:
    """A method and where it comes from.

    Attributes:
        build: `build(config, example shape, steps per epoch) -> Game`; raises UserError on values
            that cannot work, before anything is compiled.
        title: what the method is called in a report.
        paper: title of the paper, '' for what is no paper's method.
    """

    build: Callable[[ConfigDict, tuple[int, ...], int], Game]
    title: str
    paper: str


METHODS = {
    "aae": Method(aae.build, "Adversarial autoencoder", "Adversarial Autoencoders"),
    "aae_categorical": Method(
        aae_categorical.build,
        "Adversarial autoencoder with a categorical code",
        "Adversarial Autoencoders",
    ),
    "aim": Method(
        aim.build, "AIM", "AIM: Adversarial Inference by Matching Priors and Conditionals"
    ),
    "ali": Method(ali.build, "ALI", "Adversarially Learned Inference"),
    "amm": Method(amm.build, "AMM", "Adversarially Learned Mixture Model"),
    "classifier": Method(classifier.build, "Classifier", ""),
    "fiae": Method(fiae.build, "Flipped implicit autoencoder", "Implicit Autoencoders"),
    "gan": Method(gan.build, "GAN", "Generative Adversarial Nets"),
    "iae": Method(iae.build, "Implicit autoencoder", "Implicit Autoencoders"),
    "infogan": Method(
        infogan.build,
        "InfoGAN",
        "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative "
        "Adversarial Nets",
    ),
    "unrolled_gan": Method(
        unrolled_gan.build, "Unrolled GAN", "Unrolled Generative Adversarial Networks"
    ),
    "vae": Method(vae.build, "Variational autoencoder", "Auto-Encoding Variational Bayes"),
    "veegan": Method(
        veegan.build,
        "VEEGAN",
        "VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational Learning",
    ),
}


def get_method(name: str) -> Method:
    """Looks a method up by `config.method`.

    Raises:
        UserError: unknown name.
    """
    if name not in METHODS:
        raise UserError(f"method is {name!r}: choose one of {', '.join(sorted(METHODS))}")
    return METHODS[name]

"""The table of methods: adding one is a file here, a line in this table and a config."""

from collections.abc import Callable
from dataclasses import dataclass

from ml_collections import ConfigDict

from aae_jax.errors import UserError
from aae_jax.game import Game
from aae_jax.methods import aae, aae_categorical, amm, vae


@dataclass(frozen=True)
class Method:
    """A method and where it comes from.

    Attributes:
        build: `build(config, example shape, steps per epoch) -> Game`; raises UserError on values
            that cannot work, before anything is compiled.
        title: what the method is called in a report.
        paper: title of the paper.
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
    "amm": Method(amm.build, "AMM", "Adversarially Learned Mixture Model"),
    "vae": Method(vae.build, "Variational autoencoder", "Auto-Encoding Variational Bayes"),
}


def get_method(name: str) -> Method:
    """Looks a method up by `config.method`.

    Raises:
        UserError: unknown name.
    """
    if name not in METHODS:
        raise UserError(f"method is {name!r}: choose one of {', '.join(sorted(METHODS))}")
    return METHODS[name]

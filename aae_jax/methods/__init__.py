"""The table of methods: adding one is a file here, a line in this table and a config.

A method's file ends with its `METHOD`, which says what it is called and whose paper it is of. One
of a user's own needs no line here: `config.method = "my_module:METHOD"`, or `my_module:build`.
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

METHODS = {
    "aae": aae.METHOD,
    "aae_categorical": aae_categorical.METHOD,
    "aim": aim.METHOD,
    "ali": ali.METHOD,
    "amm": amm.METHOD,
    "caption_encoder": caption_encoder.METHOD,
    "classifier": classifier.METHOD,
    "conditional_ali": conditional_ali.METHOD,
    "fiae": fiae.METHOD,
    "gan": gan.METHOD,
    "iae": iae.METHOD,
    "infogan": infogan.METHOD,
    "learned_prior": learned_prior.METHOD,
    "samm": samm.METHOD,
    "unrolled_gan": unrolled_gan.METHOD,
    "vae": vae.METHOD,
    "veegan": veegan.METHOD,
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

"""Networks of a user's own in the place of a method's: `config.players`, the same for every method.

A network is a Flax module (linen) that reads what the method's own network of that player reads,
and gives arrays of the same shapes. `module:Network` is called as `Network(output=shape)`, where
`shape` is the shape of one example's output, () for a number per example, so that the code's width
is said once, in the config:

    class Encoder(nn.Module):
        output: tuple[int, ...]  # (2,) for a code of two numbers

        @nn.compact
        def __call__(self, x: jax.Array, *, train: bool) -> jax.Array:
            h = nn.relu(Conv(32, 4, stride=2, padding="SAME")(x))
            return nn.Dense(self.output[0])(h.reshape(h.shape[0], -1))

    config.players = "encoder=my_networks:Encoder"

It takes the place of all layers: a decoder of pixels in [0, 1] ends in its own sigmoid, and a
discriminator gives logits. Where a method's network gives several arrays in a tuple, `output` is
the tuple of their shapes, and the arrays come in such a tuple. Any layers go. Those of
`aae_jax.networks.layers` and `dropout` have their reasons: a convolution that is quick on CPU
within a loop, normalisation over all devices, and masks that do not depend on their number.
"""

import dataclasses
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp

from aae_jax import user_code
from aae_jax.errors import UserError
from aae_jax.game import Game, Player

_COLLECTIONS = {"params", "batch_stats"}  # what a train state keeps


def put(players: str, game: Game) -> Game:
    """Puts a user's networks in the place of a game's.

    Args:
        players: `config.players`: '' or "player=module:Network", several with commas between them.
        game: the method's own.

    Raises:
        UserError: another form, a player that the game has not, a network that is not found or
            fails, or outputs of other shapes than the game's own network has.
    """
    own = dict(game.players)
    for name, reference in _parse(players).items():
        if name not in own:
            raise UserError(
                f"players names {name!r}: this game's players are {', '.join(game.players)}"
            )
        own[name] = _replace(game.players[name], reference, f"players: {name}")
    return dataclasses.replace(game, players=own)


def _parse(players: str) -> dict[str, str]:
    """Player -> module:Network."""
    named = {}
    for part in filter(None, (part.strip() for part in players.split(","))):
        name, equals, reference = (piece.strip() for piece in part.partition("="))
        if not (name and equals and reference):
            raise UserError(
                f"players has the part {part!r}: write player=module:Network, as "
                "encoder=my_networks:Encoder, with commas between several"
            )
        if name in named:
            raise UserError(f"players names {name!r} twice: keep one of them")
        named[name] = reference
    return named


def _replace(player: Player, reference: str, field: str) -> Player:
    """The player with a user's network, played once in shapes."""
    where = f"{field} is {reference!r}"
    make = user_code.find(reference, field, "a Flax module")
    expected = _outputs(player.network, player, train=False)
    shape = jax.tree.map(lambda a: a.shape[1:], expected)
    try:
        network = make(output=shape)
    except Exception as error:  # A user's code may raise anything.
        raise UserError(
            f"{where}: {reference.partition(':')[2]}(output={shape}) fails with "
            f"{user_code.explain(error)}"
        ) from error
    if not isinstance(network, nn.Module):
        raise UserError(
            f"{where}: {reference.partition(':')[2]}(output={shape}) gives a "
            f"{type(network).__name__}: it must give a flax.linen.Module"
        )
    inputs = ", ".join(str(spec.shape[1:]) for spec in player.inputs)
    for train in (True, False):
        try:
            found = _outputs(network, player, train)
        except Exception as error:
            raise UserError(
                f"{where}: on examples of shape {inputs}, train={train}, it fails with "
                f"{user_code.explain(error)}"
            ) from error
        batch = player.inputs[0].shape[0]
        if _described(found, batch) != _described(expected, batch):
            raise UserError(
                f"{where}: of examples of shape {inputs} it makes {_described(found, batch)}, and "
                f"the game needs {_described(expected, batch)}"
            )
    return Player(network, player.inputs)


def _outputs(network: nn.Module, player: Player, train: bool) -> Any:
    """Shapes of what a network gives for a batch, applied as a game does."""

    def run(key: jax.Array, *inputs: jax.Array) -> Any:
        variables = network.init(key, *inputs, train=False)
        if unkept := set(variables) - _COLLECTIONS:
            raise ValueError(
                f"its variables {', '.join(sorted(unkept))} would be lost: only "
                f"{' and '.join(sorted(_COLLECTIONS))} are kept"
            )
        if "params" not in variables:
            raise ValueError("it has no parameters")
        if not train:
            return network.apply(variables, *inputs, train=False)
        rngs, mutable = {"dropout": key}, ["batch_stats"]
        return network.apply(variables, *inputs, train=True, rngs=rngs, mutable=mutable)[0]

    return jax.eval_shape(run, jax.random.key(0), *player.inputs)


def _described(outputs: Any, batch: int) -> str:
    """One example's outputs in words: their shapes, and what would not do."""

    def one(output: jax.ShapeDtypeStruct) -> str | tuple[int, ...]:
        if output.shape[:1] != (batch,):
            return f"{output.shape} without the batch's axis"
        if not jnp.issubdtype(output.dtype, jnp.floating):
            return f"{output.dtype} of shape {output.shape[1:]}"
        return output.shape[1:]

    return str(jax.tree.map(one, outputs))

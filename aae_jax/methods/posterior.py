"""q(z|x): the three posteriors of "Adversarial Autoencoders", Section 2."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp

from aae_jax import checks
from aae_jax.errors import UserError
from aae_jax.game import Play, Player, spec
from aae_jax.methods.draws import reparametrise
from aae_jax.networks.mlp import MLP


@dataclass(frozen=True)
class Posterior:
    """An encoder, and how codes come from it.

    Attributes:
        encoder: the player of that name.
        draw: `draw(play, x) -> z (B, d)`, a draw from q(z|x).
        centre: `centre(play, x) -> z (B, d)`, one code for x, without randomness.
        random: whether draws differ from the centre.
    """

    encoder: Player
    draw: Callable[[Play, jax.Array], jax.Array]
    centre: Callable[[Play, jax.Array], jax.Array]
    random: bool


def deterministic(
    make_mlp: Callable[..., MLP], shape: tuple[int, ...], d: int, eta: int
) -> Posterior:
    """z = f(x)."""
    del eta
    encoder = Player(make_mlp(output=(d,)), (spec(*shape),))

    def encode(play: Play, x: jax.Array) -> jax.Array:
        return play("encoder", x)

    return Posterior(encoder, encode, encode, random=False)


def gaussian(make_mlp: Callable[..., MLP], shape: tuple[int, ...], d: int, eta: int) -> Posterior:
    """z = mu(x) + sigma(x) * eps; the centre is mu(x)."""
    del eta
    encoder = Player(make_mlp(output=(2, d)), (spec(*shape),))

    def draw(play: Play, x: jax.Array) -> jax.Array:
        return reparametrise(play, *moments(play, x))

    return Posterior(encoder, draw, lambda play, x: moments(play, x)[0], random=True)


def moments(play: Play, x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Mean and log-variance (B, d) that a Gaussian posterior's encoder gives."""
    q = play("encoder", x)
    return q[:, 0], q[:, 1]


def implicit(make_mlp: Callable[..., MLP], shape: tuple[int, ...], d: int, eta: int) -> Posterior:
    """z = f(x, eta), eta ~ N(0, I), the universal approximator; the centre is f(x, 0)."""
    encoder = Player(make_mlp(output=(d,)), (spec(*shape), spec(eta)))

    def draw(play: Play, x: jax.Array) -> jax.Array:
        return play("encoder", x, play.normal(x.shape[0], eta))

    def centre(play: Play, x: jax.Array) -> jax.Array:
        return play("encoder", x, jnp.zeros((x.shape[0], eta)))

    return Posterior(encoder, draw, centre, random=True)


# Name in `config.game.posterior` -> what makes it from the networks' constructor, the shape of an
# example, the dimensions of z and those of eta.
POSTERIORS = {"deterministic": deterministic, "gaussian": gaussian, "implicit": implicit}


def make_posterior(
    name: str, make_mlp: Callable[..., MLP], shape: tuple[int, ...], d: int, eta: int
) -> Posterior:
    """Looks `config.game.posterior` up and builds it.

    Raises:
        UserError: unknown name, or no eta for the posterior that needs one.
    """
    checks.choice("game.posterior", name, sorted(POSTERIORS))
    if name == "implicit" and eta < 1:
        raise UserError(f"game.eta is {eta}: an implicit posterior needs at least 1")
    return POSTERIORS[name](make_mlp, shape, d, eta)

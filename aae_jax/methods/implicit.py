"""What the games with implicit distributions share: codes with local noise, networks, checks."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from aae_jax import checks, priors
from aae_jax.game import Code, InferenceFn, Play, spec
from aae_jax.methods import tables
from aae_jax.methods.draws import draw_z
from aae_jax.networks import implicit as networks


@dataclass(frozen=True)
class Latent:
    """What a decoder or a generator reads: the global code z and, where it has one, the local n.

    Attributes:
        p_z: prior of z.
        local: dimensions of n ~ N(0, I), 0 for a deterministic decoder.
        scale: factor on z where it is read.
    """

    p_z: priors.Prior
    local: int
    scale: float = 1.0

    @property
    def specs(self) -> tuple[jax.ShapeDtypeStruct, ...]:
        """Inputs of the network that reads it."""
        return (spec(self.p_z.dim), *((spec(self.local),) if self.local else ()))

    @property
    def categorical(self) -> bool:
        """Whether z stands for one of several clusters."""
        return isinstance(self.p_z, priors.Categorical)

    def from_features(self, h: jax.Array) -> jax.Array:
        """z (B, d) of an encoder's last layer: itself, or probabilities for a categorical code."""
        return jax.nn.softmax(h) if self.categorical else h

    def draw(self, play: Play, component: jax.Array) -> Code:
        """A code of each component in (B,), `ANY` of the whole prior: z ~ p(z) and n ~ N(0, I)."""
        return self.complete(play, draw_z(play, self.p_z, component))

    def draw_any(self, play: Play, n: int) -> Code:
        """n codes of the whole prior."""
        return self.draw(play, jnp.full(n, priors.ANY))

    def complete(self, play: Play, z: jax.Array, *, draw: bool = True) -> Code:
        """The code of z (B, d) with an n of its own, zeros where nothing is drawn."""
        n = noise(play, self.local, z.shape[0], draw=draw)
        return {"z": z, "n": n[0]} if n else {"z": z}

    def read(self, code: Code) -> tuple[jax.Array, ...]:
        """What the network that reads a code is called with."""
        z = self.scale * code["z"]
        return (z, code["n"]) if "n" in code else (z,)

    def generate(self, play: Play, code: Code) -> jax.Array:
        """x~ = g(z, n) by the player `generator`."""
        return play("generator", *self.read(code))


@jax.custom_jvp
def nearest_corner(z: jax.Array) -> jax.Array:
    """Probabilities (B, K) as the one-hot vectors nearest to them, which pass gradients on to z."""
    return jax.nn.one_hot(z.argmax(axis=1), z.shape[1], dtype=z.dtype)


@nearest_corner.defjvp
def _straight_through(
    primals: tuple[jax.Array], tangents: tuple[jax.Array]
) -> tuple[jax.Array, jax.Array]:
    return nearest_corner(*primals), tangents[0]


def noise(play: Play, dim: int, batch: int, *, draw: bool = True) -> tuple[jax.Array, ...]:
    """Noise (B, dim) as inputs of a network: none for dim 0, zeros where nothing is drawn."""
    if not dim:
        return ()
    return (play.normal(batch, dim) if draw else jnp.zeros((batch, dim)),)


def inference(
    latent: Latent,
    encode: Callable[..., Code],
    decode: Callable[[Play, Code], jax.Array],
    *,
    random: bool,
) -> dict[str, InferenceFn]:
    """Inference functions of a game that infers codes.

    Args:
        latent: what the decoder reads.
        encode: `encode(play, x, draw=...) -> code`, without randomness where nothing is drawn.
        decode: `decode(play, code) -> x`.
        random: whether draws differ from the code without randomness.
    """
    centre = functools.partial(encode, draw=False)
    functions = {"encode": centre, "decode": decode, "prior": latent.draw}
    if random:
        functions["posterior"] = functools.partial(encode, draw=True)
    if latent.categorical:
        functions["predict"] = lambda play, x: centre(play, x)["z"]
    return functions


def network(name: str, conditioning: str | None = "location_dependent") -> ConfigDict:
    """`config.network`: a table of the paper, a factor on its widths, and how D(x, z) reads z.

    `conditioning` None leaves the last one out, for games whose discriminators judge images alone.
    """
    reading = {} if conditioning is None else {"conditioning": conditioning}
    return ConfigDict({"name": name, "width": 1.0, **reading})


def point_network(hidden: tuple[int, ...] = (128, 128), init_std: float = 0.1) -> ConfigDict:
    """`config.network` for points: fully connected networks of these ReLU layers.

    Weights start from N(0, init_std^2): the 0.02 of images would leave what comes of two
    coordinates all but constant.
    """
    return ConfigDict({"name": "points", "hidden": hidden, "init_std": init_std})


# Name of a table -> `config.network`, of games with a D(x, z) and of those without.
NETWORKS = {name: network(name) for name in networks.TABLES} | {"points": point_network()}
_WITHOUT_PAIRS = {**NETWORKS, **{name: network(name, None) for name in networks.TABLES}}


def code_options(prior: ConfigDict) -> dict[str, Any]:
    """Fields of `config.game` for a code that is inferred, without a local part by default."""
    return {
        "prior": prior,  # of the global code z, whose dimensions it gives
        "local_code": 0,  # dimensions of the noise n beside z; 0: a deterministic decoder
        # Ours: z is read as this times z. The one among zeros of a cluster weighs little beside a
        # standard normal n, which then decides what digit comes out.
        "code_scale": 1.0,
    }


def make_latent(config: ConfigDict) -> Latent:
    """p(z) and n from the fields of `config.game` that `code_options` names.

    Games that infer no code have no `code_scale`.

    Raises:
        UserError: an impossible value.
    """
    check_dimensions(config, "local_code")
    scale = config.game.get("code_scale", 1.0)
    checks.positive("game.code_scale", scale)
    return Latent(priors.make_prior(config.game.prior), config.game.local_code, scale)


def check_dimensions(config: ConfigDict, *fields: str) -> None:
    """Raises a UserError where a field of `config.game` cannot be a number of dimensions."""
    for field in fields:
        checks.at_least(f"game.{field}", config.game[field], 0)


def make_networks(
    config: ConfigDict, shape: tuple[int, ...], code: int, *, pairs: bool = True
) -> networks.Networks:
    """The networks that `config.network` describes.

    Args:
        config: `config.network` as `network()` or `point_network()`.
        shape: (H, W, C) of an image or (D,) of a point.
        code: dimensions of what the encoder gives.
        pairs: whether a discriminator judges pairs (x, z); else `config.network` does not say how
            it reads z.

    Raises:
        UserError: an unknown table, an impossible value, or data that do not fit the table.
    """
    net = config.network
    tables.check_fields(config, NETWORKS if pairs else _WITHOUT_PAIRS)
    if net.name == "points":
        tables.check_points(config, shape, networks.TABLES)
        return networks.point_networks(shape, code, tuple(net.hidden), net.init_std)
    conditioning = net.conditioning if pairs else networks.CONDITIONING[0]
    checks.choice("network.conditioning", conditioning, networks.CONDITIONING)
    table = networks.TABLES[net.name]
    reach = (0, 1) if table.activation is nn.sigmoid else (-1, 1)
    tables.check_images(config, shape, table.size, reach)
    return networks.image_networks(table, shape, code, conditioning=conditioning, width=net.width)

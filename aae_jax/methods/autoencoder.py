"""What the autoencoder games share: networks, noise, the reconstruction cost, the prior's parts."""

import functools
import math
from collections.abc import Callable, Mapping, Sequence

import flax.linen as nn
import jax
import optax
from ml_collections import ConfigDict

from aae_jax import checks, losses
from aae_jax import config as base
from aae_jax.errors import UserError
from aae_jax.game import InferenceFn, LossFn, Outcome, Phase, Play
from aae_jax.methods import tables
from aae_jax.networks.mlp import MLP
from aae_jax.optimizers import make_optimizer, sgd
from aae_jax.priors import Prior

ACTIVATIONS = {"sigmoid": nn.sigmoid, "linear": None}


def network() -> ConfigDict:
    """`config.network`: two hidden layers of 1000 ReLU units in every network (footnote 1)."""
    return ConfigDict({"hidden": (1000, 1000), "init_std": 0.01})


def check_network(config: ConfigDict, known: ConfigDict) -> None:
    """Raises a UserError where `config.network` lacks a field of `known`, or cannot work."""
    base.check_names(config.network, known, "config.network", f"method {config.method}")
    tables.check_widths("network.hidden", config.network.hidden, "(1000, 1000)")
    std = config.network.init_std
    checks.positive("network.init_std", std)


def check_output(config: ConfigDict, shape: tuple[int, ...]) -> None:
    """Raises a UserError where the decoder's output cannot reach the data."""
    output = config.network.output
    checks.choice("network.output", output, sorted(ACTIVATIONS))
    if output == "sigmoid" and not in_unit_interval(config, shape):
        raise UserError(
            "network.output is 'sigmoid' but the data are no pixels between 0 and 1: set "
            "network.output=linear"
        )


def in_unit_interval(config: ConfigDict, shape: tuple[int, ...]) -> bool:
    """Whether examples are images with values in [0, 1]."""
    lo, hi = config.data.value_range
    return len(shape) == 3 and not config.data.standardise and 0 <= lo < hi <= 1


def make_mlp(config: ConfigDict) -> Callable[..., MLP]:
    """The constructor of networks with `config.network`'s hidden layers."""
    network = config.network
    return functools.partial(MLP, tuple(network.hidden), stddev=network.init_std)


def sgd_by_phase() -> ConfigDict:
    """`config.optimizer`: the published SGD, divided by 10 at epochs 50 and 1000."""
    drops = (50, 1000)
    return ConfigDict(
        {
            "reconstruction": sgd(0.01, momentum=0.9, drops=drops),
            "discriminator": sgd(0.1, momentum=0.1, drops=drops),
            "generator": sgd(0.1, momentum=0.1, drops=drops),
        }
    )


def make_optimizers(
    config: ConfigDict, phases: Sequence[str], steps_per_epoch: int
) -> dict[str, optax.GradientTransformation]:
    """The optimiser of each phase, from its entry in `config.optimizer`.

    Raises:
        UserError: a phase has no entry, an entry no phase, or an optimiser cannot be made.
    """
    if set(config.optimizer) != set(phases):
        raise UserError(
            f"optimizer has the entries {', '.join(sorted(config.optimizer)) or 'none'}: this "
            f"game's phases are {', '.join(phases)}"
        )
    made = {}
    for name in phases:
        try:
            made[name] = make_optimizer(config.optimizer[name], steps_per_epoch)
        except UserError as error:
            raise UserError(f"optimizer.{name}: {error}") from error
    return made


def make_phases(
    config: ConfigDict,
    phases: Mapping[str, tuple[LossFn, Sequence[str]]],
    steps_per_epoch: int,
) -> tuple[Phase, ...]:
    """Phases in order, from the loss function and the updated players of each.

    Raises:
        UserError: as `make_optimizers`.
    """
    by_phase = make_optimizers(config, tuple(phases), steps_per_epoch)
    return tuple(
        Phase(name, loss_fn, dict.fromkeys(updated, by_phase[name]))
        for name, (loss_fn, updated) in phases.items()
    )


def check_noise(std: float) -> None:
    """Raises a UserError where `config.game.input_noise` cannot work."""
    checks.at_least("game.input_noise", std, 0)


def corrupt(play: Play, x: jax.Array, std: float) -> jax.Array:
    """Adds Gaussian noise to what an encoder sees, in training only."""
    return x + std * play.normal(*x.shape) if play.train and std else x


def reconstruction(x_hat: jax.Array, x: jax.Array) -> Outcome:
    """The reconstruction phase: encoder and decoder share 1/2 ||x - x^||^2, summed over pixels."""
    loss = losses.euclidean_reconstruction_loss(x_hat, x).mean()
    mse = 2 * loss / math.prod(x.shape[1:])
    return Outcome({"encoder": loss, "decoder": loss}, {"mse": mse})


def parts_of_prior(prior: Prior) -> dict[str, InferenceFn]:
    """The inference functions `component_of` and `axis`, as far as the prior of z has them."""
    functions: dict[str, InferenceFn] = {}
    if prior.component_of is not None:
        functions["component_of"] = lambda play, z: prior.component_of(z)
    if prior.axis is not None:
        functions["axis"] = lambda play, u: {"z": prior.axis(u)}
    return functions

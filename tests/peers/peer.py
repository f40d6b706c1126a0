"""What the peers of all methods share: players, optimisers, and looking inside a step."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import torch
from ml_collections import ConfigDict
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from tests.peers import weights
from tests.peers.draws import TORCH, Draws
from tests.peers.optimizers import make_optimizer

Gradients = dict[str, dict[str, dict[str, Any]]]


def require(config: ConfigDict, fields: Mapping[str, Any]) -> None:
    """Refuses configs that ask for what a peer does not do.

    Args:
        config: an experiment's config.
        fields: dotted names and the one value of each that the peer knows.

    Raises:
        ValueError: another value.
    """
    for field, only in fields.items():
        value = config
        for part in field.split("."):
            value = value[part]
        if value != only:
            raise ValueError(f"{field} is {value!r}: the peer knows {only!r} only")


class Peer(nn.Module, ABC):
    """A train step in PyTorch. `to(device)` moves all of it, `compile()` compiles the networks.

    Args:
        config: an experiment's config.
        players: networks by the names of the game's players.
        phases: for each phase its optimiser's config and the players that it updates.
        steps_per_epoch: updates in one pass over the training data.

    Attributes:
        players: as given.
        ema: moving averages of all parameters, in the order of the players; empty without.

    Raises:
        ValueError: the config asks for what peers do not do.
    """

    def __init__(
        self,
        config: ConfigDict,
        players: Mapping[str, nn.Module],
        phases: Mapping[str, tuple[ConfigDict, tuple[str, ...]]],
        steps_per_epoch: int,
    ) -> None:
        super().__init__()
        require(config, {"trials": 1, "accumulate": 1, "precision": "float32"})
        self.players = nn.ModuleDict(players)
        self._of_player = {name: list(net.parameters()) for name, net in players.items()}
        self._phases = phases
        self._optimizers = {
            phase: make_optimizer(options, self._of_players(*names), steps_per_epoch)
            for phase, (options, names) in phases.items()
        }
        averaged = self._all() if config.ema_decay else []
        self.ema = nn.ParameterList([p.detach().clone() for p in averaged]).requires_grad_(False)
        self._average = get_ema_multi_avg_fn(config.ema_decay)

    @abstractmethod
    def step(self, x: torch.Tensor, draws: Draws = TORCH) -> dict[str, torch.Tensor]:
        """Makes one train step.

        Args:
            x: images (B, C, H, W) on the peer's device.
            draws: where random numbers come from.

        Returns:
            What the JAX step reports, under the same names: scalars.
        """

    def gradients(self, x: torch.Tensor, draws: Draws) -> tuple[dict[str, torch.Tensor], Gradients]:
        """Makes one train step, and keeps every gradient that an optimiser was given.

        Args:
            x: images (B, C, H, W) on the peer's device.
            draws: where random numbers come from.

        Returns:
            What `step` returns, and gradients by phase and player as Flax's trees.
        """
        kept = {}

        def keeper(phase: str, names: tuple[str, ...]):
            def keep(*_) -> None:
                kept[phase] = {
                    name: weights.parameter_tree(self.players[name], lambda p: p.grad)
                    for name in names
                }

            return keep

        handles = [
            self._optimizers[phase][0].register_step_pre_hook(keeper(phase, names))
            for phase, (_, names) in self._phases.items()
        ]
        report = self.step(x, draws)
        for handle in handles:
            handle.remove()
        return report, kept

    def compile(self, *args, **options) -> None:
        """Compiles the networks: a whole step, with its several backward passes, does not pass."""
        for network in self.players.values():
            network.compile(*args, **options)

    def load(self, params: Mapping[str, Any], batch_stats: Mapping[str, Any]) -> None:
        """Copies Flax's parameters and batch statistics by player in; averages start there."""
        for name, network in self.players.items():
            weights.load(network, params[name], batch_stats.get(name, {}))
        for average, parameter in zip(self.ema, self._all(), strict=False):
            average.copy_(parameter.detach())

    def _descend(self, phase: str, losses: Mapping[tuple[str, ...], torch.Tensor]) -> None:
        """Moves each group of players down its loss; no gradient but theirs is computed."""
        optimizer, schedule = self._optimizers[phase]
        optimizer.zero_grad()
        for index, (names, loss) in enumerate(losses.items()):
            more = index < len(losses) - 1
            loss.backward(inputs=self._of_players(*names), retain_graph=more)
        optimizer.step()
        if schedule:
            schedule.step()

    def _update_average(self) -> None:
        if len(self.ema):
            self._average(list(self.ema), self._all(), None)

    def _of_players(self, *names: str) -> list[nn.Parameter]:
        return [parameter for name in names for parameter in self._of_player[name]]

    def _all(self) -> list[nn.Parameter]:
        return self._of_players(*self.players)
